/** Models that are installed, the engine, and reading. */
import * as v from 'valibot'
import { text } from '../bounds'
import { modelInfo, projectInfo, providerReport, refusedModel } from '../domain'
import { nothing, ofApp, ofProject } from './parts'

export const modelsAppEndpoints = {
  'models.list': ofApp(
    v.object({ rescan: v.optional(v.boolean()) }),
    v.object({ models: v.array(modelInfo), refused: v.array(refusedModel), folder: v.string() })
  ),
  'engine.report': ofApp(
    nothing,
    v.object({
      running: v.boolean(),
      provider: v.nullable(v.string()),
      fieldsPerSecond: v.nullable(v.number()),
      providers: v.array(providerReport),
      cores: v.number(),
      platform: v.string()
    })
  )
}

export const modelsEndpoints = {
  'models.select': ofProject(v.object({ id: text(200), recognise: v.boolean() }), projectInfo)
}

export const modelsAppEvents = {
  /** What is installed, with the model of the window's project marked. */
  'models.changed': v.object({ models: v.array(modelInfo), refused: v.array(refusedModel) })
}

export const modelsEvents = {
  'engine.changed': v.object({
    provider: v.nullable(v.string()),
    fieldsPerSecond: v.nullable(v.number()),
    note: v.nullable(v.string())
  })
}
