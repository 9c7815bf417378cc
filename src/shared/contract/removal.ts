/** Files taken out of the project, and brought back. */
import * as v from 'valibot'
import { id, ids, nothing, ofProject } from './parts'

/** The files that these fields lie in, or those that an import added. */
const whatToRemove = v.union([v.object({ fieldIds: ids }), v.object({ run: id })])
export type WhatToRemove = v.InferOutput<typeof whatToRemove>

const removal = v.object({
  id: v.number(),
  at: v.string(),
  reviewer: v.string(),
  /** Of the import that was undone; null where files were chosen. */
  run: v.nullable(v.number()),
  files: v.number(),
  example: v.string(),
  decisions: v.number()
})

export const removalEndpoints = {
  /** Whole files go, with all their fields. Nothing is written. */
  'removal.preview': ofProject(
    whatToRemove,
    v.object({ files: v.number(), fields: v.number(), decisions: v.number() })
  ),
  'removal.remove': ofProject(whatToRemove, v.object({ removal: v.number() })),
  /** What could be undone, and what can be brought back, newest first. */
  'removal.list': ofProject(
    nothing,
    v.object({
      imports: v.array(v.object({ run: v.number(), at: v.string(), files: v.number(), example: v.string() })),
      removals: v.array(removal)
    })
  ),
  'removal.bringBack': ofProject(v.object({ removal: id }), v.object({ files: v.number() }))
}
