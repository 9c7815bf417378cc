/** Long operations of a project. */
import * as v from 'valibot'
import { progress } from '../domain'
import { id, nothing, ofProject } from './parts'

export const jobsEndpoints = {
  'runs.current': ofProject(nothing, v.array(progress)),
  'runs.pause': ofProject(v.object({ runId: id }), nothing),
  'runs.resume': ofProject(v.object({ runId: id }), nothing),
  'runs.cancel': ofProject(v.object({ runId: id }), nothing)
}

export const jobsEvents = {
  'run.progress': progress
}
