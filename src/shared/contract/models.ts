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
  /** @param hash of which of several with this id */
  'models.select': ofProject(
    v.object({ id: text(200), hash: v.optional(text(64)), recognise: v.boolean() }),
    projectInfo
  ),
  /** Takes the place of the reader that it is newer than, which begins to read again; `take` false: it is not offered any more. */
  'models.newer': ofProject(v.object({ hash: text(64), take: v.boolean() }), projectInfo)
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
