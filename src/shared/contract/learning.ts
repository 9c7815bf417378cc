/** What a project has learnt, when it learns, and what this machine needs for it. */
import * as v from 'valibot'
import { finite, text } from '../bounds'
import { nothing, ofApp, ofProject, path } from './parts'

const figures = v.object({ cer: v.number(), exact: v.number() })

/** A model that learnt from this project's decisions. */
export const generation = v.object({
  /** From 1, for each reader. */
  number: v.number(),
  /** Names of the reader that it belongs to, and of what its weights began from. */
  reader: v.string(),
  base: v.string(),
  /** Its manifest in the project's folder models. */
  file: v.string(),
  inUse: v.boolean(),
  /** Whether the judges called it better; else it is kept and not used. */
  taken: v.boolean(),
  reason: v.string(),
  /** Fields that it learnt from as they were decided. */
  trainedOn: v.number(),
  /** It learnt from undecided fields too, as they were read. */
  selfTraining: v.boolean(),
  /** Fields that were decided when it was begun. */
  decided: v.number(),
  epochs: v.number(),
  seconds: v.number(),
  madeAt: v.string(),
  /** What it reads of fields that it did not learn from, beside what was in use before. */
  judges: v.object({
    rows: v.number(),
    characters: v.number(),
    before: figures,
    after: figures,
    difference: v.object({ cer: v.tuple([v.number(), v.number()]) })
  }),
  /** Characters that got better: shares read wrong, and fields that show it as both read them. */
  learnt: v.array(
    v.object({
      character: v.string(),
      before: v.number(),
      after: v.number(),
      examples: v.array(
        v.object({
          field: v.object({ id: v.number(), imageVersion: v.string() }),
          text: v.string(),
          before: v.string(),
          after: v.string()
        })
      )
    })
  ),
  /** Decided fields that could not be learnt from, by reason. */
  dropped: v.record(v.string(), v.number()),
  /** Of its files; 0: they are gone. */
  bytes: v.number()
})
export type Generation = v.InferOutput<typeof generation>

/** `inUse` null: the reader as it is installed. */
const ofReader = { inUse: v.nullable(v.number()), generations: v.array(generation) }
export const generations = v.object({
  /** The project's; null: it has none. */
  reader: v.nullable(v.string()),
  ...ofReader,
  /** Readers that templates name for fields of theirs. */
  others: v.array(v.object({ reader: v.string(), ...ofReader }))
})
export type Generations = v.InferOutput<typeof generations>

/** When a project learns by itself. */
export const learningSettings = v.object({
  on: v.boolean(),
  /** Also while the machine runs on its battery. */
  onBattery: v.boolean(),
  /** Seconds that each pass of a round may train. */
  budget: v.pipe(finite, v.minValue(1), v.maxValue(86_400))
})
export type LearningSettings = v.InferOutput<typeof learningSettings>

/** Why no round starts by itself now. */
export const waitsFor = v.picklist(['switched-off', 'set-up', 'mains', 'a-reader'])

export const learningState = v.object({
  ...generations.entries,
  settings: learningSettings,
  /** Fields that can be learnt from, and how many of them start the next round. */
  decided: v.number(),
  nextAt: v.number(),
  waits: v.nullable(waitsFor),
  /** Why the last round came to nothing; null: it did not. */
  problem: v.nullable(v.string()),
  /** Of everything that learning keeps in the project's folder. */
  bytes: v.number(),
  /** The installed model that the next new project begins with; null: as usual. */
  beginsNext: v.nullable(v.string())
})
export type LearningState = v.InferOutput<typeof learningState>

export const setupState = v.object({
  /**
   * `stopped`: part of it is there, and setting up goes on from it. `outdated`: of another version of Nomina than this one; it
   * works still.
   */
  state: v.picklist(['none', 'installing', 'stopped', 'ready', 'outdated', 'broken']),
  /** On the disk, and how much it takes in the end. */
  bytes: v.number(),
  needs: v.number(),
  torch: v.nullable(v.string()),
  step: v.nullable(v.picklist(['begin', 'fetch', 'unpack', 'check'])),
  /** What the installer said last. */
  line: v.nullable(v.string()),
  /** Why it came to nothing, or what is broken. */
  problem: v.nullable(v.object({ code: v.string(), message: v.string() }))
})
export type SetupState = v.InferOutput<typeof setupState>

/** Of which reader, by its name; without it the project's. */
const reader = v.optional(text(200))

/** A generation by its number. */
const number = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

export const learningAppEndpoints = {
  /** How the set-up stands; a first look may take some seconds, since it is tried. */
  'learning.setup': ofApp(nothing, setupState),
  /** Begins, or goes on where it was cut off. @param python a Python to use instead of the one that is found */
  'learning.install': ofApp(v.object({ python: v.optional(path) }), setupState),
  /** What was fetched stays, to go on with. */
  'learning.stopInstall': ofApp(nothing, setupState),
  /** What was learnt stays. */
  'learning.remove': ofApp(nothing, setupState)
}

export const learningEndpoints = {
  'learning.status': ofProject(nothing, learningState),
  'learning.settings': ofProject(v.partial(learningSettings), learningState),
  /** null: the reader as it is installed; `back`: what was in use before. */
  'learning.use': ofProject(
    v.object({ generation: v.nullable(v.union([number, v.literal('back')])), reader }),
    learningState
  ),
  /** Copies its files into a folder, for another machine's folder of models. */
  'learning.give': ofProject(
    v.object({ generation: number, reader, folder: path }),
    v.object({ files: v.array(v.string()) })
  ),
  /** Installs it under a name of its own, for the next new project to begin with; null: that begins as usual. */
  'learning.beginNext': ofProject(v.object({ generation: v.nullable(number), reader }), learningState)
}

export const learningAppEvents = {
  'learning.setup': setupState
}

export const learningEvents = {
  /** Generations, settings or what comes next are others now. `arrived`: one that was just taken. */
  'learning.changed': v.object({ arrived: v.nullable(generation) })
}
