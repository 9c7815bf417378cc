/** Long operations of a project. */
import * as v from 'valibot'
import { progress } from '../domain'
import { quickKinds, startedKinds } from '../job-kinds'
import { id, nothing, ofProject } from './parts'

const quickJob = v.object({
  id: v.number(),
  kind: v.picklist(quickKinds),
  done: v.number(),
  /** Null while nobody knows. */
  total: v.nullable(v.number())
})
export type QuickJob = v.InferOutput<typeof quickJob>

export const jobsEndpoints = {
  /** One that needs no more said: on what is there to do, as the project is set. */
  'runs.start': ofProject(v.object({ kind: v.picklist(startedKinds) }), v.object({ runId: v.number() })),
  'runs.current': ofProject(nothing, v.array(progress)),
  'runs.pause': ofProject(v.object({ runId: id }), nothing),
  'runs.resume': ofProject(v.object({ runId: id }), nothing),
  'runs.cancel': ofProject(v.object({ runId: id }), nothing),
  /** What is under way without a record. */
  'runs.quick': ofProject(nothing, v.array(quickJob)),
  'runs.cancelQuick': ofProject(v.object({ id }), nothing)
}

export const jobsEvents = {
  'run.progress': progress,
  /** All that are under way without a record, whenever one begins, goes on or ends. */
  'runs.quick': v.object({ jobs: v.array(quickJob) })
}
