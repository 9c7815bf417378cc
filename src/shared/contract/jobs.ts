/** Long operations of a project. */
import * as v from 'valibot'
import { progress } from '../domain'
import { startedKinds } from '../job-kinds'
import { id, nothing, ofProject } from './parts'

export const jobsEndpoints = {
  /** One that needs no more said: on what is there to do, as the project is set. */
  'runs.start': ofProject(v.object({ kind: v.picklist(startedKinds) }), v.object({ runId: v.number() })),
  'runs.current': ofProject(nothing, v.array(progress)),
  'runs.pause': ofProject(v.object({ runId: id }), nothing),
  'runs.resume': ofProject(v.object({ runId: id }), nothing),
  'runs.cancel': ofProject(v.object({ runId: id }), nothing)
}

export const jobsEvents = {
  'run.progress': progress
}
