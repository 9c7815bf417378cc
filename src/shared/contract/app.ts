/** The app, and which project a window shows. */
import * as v from 'valibot'
import { list, text } from '../bounds'
import { projectInfo } from '../domain'
import { prunable } from '../disk'
import { preferred, viewPreferences } from '../preferences'
import { nothing, ofApp, ofProject, path } from './parts'

export const appEndpoints = {
  'app.info': ofApp(
    nothing,
    v.object({
      version: v.string(),
      shell: v.picklist(['electron', 'browser']),
      reviewer: v.string(),
      /** Whether a person has said that name; else it is the system's. */
      named: v.boolean(),
      /** A reviewer came in by a link and may only review. */
      role: v.picklist(['owner', 'reviewer']),
      /** Several people work on this project: windows take leases on what they review. */
      shared: v.boolean(),
      dataDir: v.string(),
      modelsFolder: v.string(),
      project: v.nullable(projectInfo),
      recent: v.array(v.object({ path: v.string(), name: v.string(), openedAt: v.string(), exists: v.boolean() }))
    })
  ),
  'app.setReviewer': ofApp(v.object({ name: v.pipe(text(80), v.trim(), v.minLength(1)) }), nothing),
  'app.preferences': ofApp(nothing, viewPreferences),
  'app.setPreference': ofApp(preferred, nothing),
  'project.create': ofApp(v.object({ path, name: v.optional(text(200)) }), projectInfo),
  'project.open': ofApp(v.object({ path }), projectInfo),
  /** Opens a copy of what a newer Nomina kept of the project from before it changed it: see `newer-kept`. */
  'project.openOlder': ofApp(v.object({ path }), projectInfo),
  /** `fields` (the default): single name fields with labels; `forms`: whole scanned pages with their template. */
  'project.openSample': ofApp(v.object({ sample: v.optional(v.picklist(['fields', 'forms'])) }), projectInfo),
  /** Writes the project shown, whose folder was deleted or whose disk is gone, into another one and opens that. */
  'project.saveElsewhere': ofApp(v.object({ path }), projectInfo),
  'project.close': ofApp(nothing, nothing),
  'project.forget': ofApp(v.object({ path }), nothing),
  /** Its folder gets this name, and moves into the folder `into`; a window that shows it goes on with it. */
  'project.rename': ofApp(
    v.object({ path, name: v.pipe(text(200), v.trim(), v.minLength(1)), into: v.optional(path) }),
    v.object({ path })
  ),
  /** For whoever comes back to it, without opening it; null where that can't be said. */
  'project.standing': ofApp(
    v.object({ path }),
    v.nullable(
      v.object({
        total: v.number(),
        undecided: v.number(),
        /** The reviewer's last decision. */
        last: v.nullable(v.object({ at: v.string(), file: v.string(), text: v.nullable(v.string()) })),
        /** Who has decided since. */
        others: v.array(v.object({ reviewer: v.string(), fields: v.number() })),
        /** Images in its folders that it does not know; null: not looked through. */
        fresh: v.nullable(v.number())
      })
    )
  ),
  /** What Nomina put into its folder goes to the system's trash, and it off the list; scans stay. */
  'project.trash': ofApp(v.object({ path }), nothing),
  /** A free folder for a new project, beside the user's other ones, named after `name`. */
  'project.suggestPath': ofApp(v.object({ name: text(200) }), v.object({ path: v.string() }))
}

/** In bytes. */
const diskUse = v.object({
  /** Readings, decisions and all else that is known; `lattices` are a part of it. */
  database: v.number(),
  lattices: v.number(),
  backups: v.number(),
  crops: v.number(),
  learning: v.number(),
  /** On the disk that it lies on; null: that can't be said. */
  free: v.nullable(v.number())
})

export const projectEndpoints = {
  'project.info': ofProject(nothing, projectInfo),
  'project.disk': ofProject(nothing, diskUse),
  /** Drops what a project can be without, and answers what it takes then. */
  'project.prune': ofProject(v.object({ what: list(v.picklist(prunable), prunable.length) }), diskUse)
}
