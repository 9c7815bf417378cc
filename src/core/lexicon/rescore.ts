/** Readings weighed anew with the lists that are switched on, from their lattices: no image is read again. */
import type { Alternative, Character } from '../../shared/domain'
import { describeCandidates, geometryOfFrames, readLanguageModel, type LanguageModel } from '../../reading/decode'
import { framesOfLattice, type Lattice } from '../../reading/decode/lattice'
import type { Candidate } from '../../reading/decode/rank'
import { classesOf } from '../../reading/decode/texts'
import type { Manifest, Model } from '../../reading/models'
import type { Database } from '../store'
import { latticesOf } from '../store/lattices'
import {
  imagesOnSamePages,
  rescorableOfImages,
  storeRescored,
  type RescorableReading,
  type Rescored
} from '../store/own-readings'
import { candidatesOf, type FieldEvidence } from './candidates'
import { isFor, openLists, type List } from './lists'
import { priorOf, type Prior } from './prior'
import { weighRows, type BoundField } from './roster'

export interface Rescorer {
  /**
   * Rescores the readings of these images, and of those on the same pages where a roster spans several fields. Call it in
   * a transaction, with `deriveFields` for `imageIds` after it.
   */
  rescore(imageIds: number[]): { imageIds: number[]; readings: number; changed: number; without: number }
}

/** Null where no list is switched on, or the model has no lattices. @throws NominaError of a broken language model */
export async function openRescorer(db: Database, model: Model, modelId: number): Promise<Rescorer | null> {
  const { manifest } = model
  if (manifest.kind !== 'ctc') return null
  const lists = await openLists(db, manifest)
  if (!lists.length) return null
  const prior = priorOf(manifest, model.languageModel === null ? null : languageModelAt(model.languageModel))
  const work: Work = { db, manifest, lists, prior }
  const joint = lists.filter(({ lexicon }) => lexicon.kind === 'roster' && (lexicon.fields ?? []).length > 1)
  return {
    rescore(wanted) {
      const imageIds = joint.length ? imagesOnSamePages(db, wanted) : wanted
      const readings = rescorableOfImages(db, modelId, imageIds)
      const items = itemsOf(work, readings)
      const candidates = joint.length ? jointly(work, items) : items.map((item) => alone(work, item))
      let changed = 0
      items.forEach((item, at) => {
        const rescored = describe(work, item, candidates[at]!)
        storeRescored(db, item.reading.id, rescored)
        if (rescored.text !== item.reading.currentText) changed++
      })
      return { imageIds, readings: items.length, changed, without: readings.length - items.length }
    }
  }
}

const models = new Map<string, LanguageModel>()

/** Kept: a file of another content has another path or comes with another process. */
export function languageModelAt(path: string): LanguageModel {
  let model = models.get(path)
  if (!model) models.set(path, (model = readLanguageModel(path)))
  return model
}

interface Work {
  db: Database
  manifest: Manifest
  lists: List[]
  prior: Prior
}
interface Item {
  reading: RescorableReading
  evidence: FieldEvidence
}

function itemsOf({ db, manifest: { charset, blank = 0 } }: Work, readings: RescorableReading[]): Item[] {
  const lattices = latticesOf(
    db,
    readings.map(({ id }) => id)
  )
  return readings.flatMap((reading): Item[] => {
    const lattice = lattices.get(reading.id)
    return lattice ? [{ reading, evidence: evidenceOf(reading, lattice, charset, blank) }] : []
  })
}

function evidenceOf(reading: RescorableReading, lattice: Lattice, charset: string[], blank: number): FieldEvidence {
  const others = (JSON.parse(reading.alternatives) as Alternative[]).map(({ text }) => text)
  const own = [...new Set([reading.text, ...others])].flatMap((text) => {
    const classes = classesOf(text, charset, blank)
    return classes ? [classes] : []
  })
  return { frames: framesOfLattice(lattice), blank, field: reading.field, own }
}

const alone = ({ lists, prior }: Work, { evidence }: Item): Candidate[] => candidatesOf(evidence, lists, prior)

/** Pages on which a roster finds two of its fields or more are weighed by its rows; the first such roster counts. */
function jointly(work: Work, items: Item[]): Candidate[][] {
  const { db, lists, prior, manifest } = work
  const result = new Map<Item, Candidate[]>()
  const pages = Map.groupBy(items, ({ reading }) => `${reading.sourceId}/${reading.page}`)
  for (const mates of pages.values()) {
    const bound = boundFields(lists, mates)
    const roster = bound[0]?.list.lexicon
    const except = new Set(roster ? [roster.id] : [])
    const fields = bound.map(({ item, list }): BoundField & { item: Item } => ({
      item,
      evidence: item.evidence,
      list,
      candidates: candidatesOf(item.evidence, lists, prior, except)
    }))
    if (roster) {
      const weighed = weighRows(db, roster, fields, prior, manifest.charset)
      fields.forEach(({ item }, at) => result.set(item, weighed[at]!))
    }
  }
  return items.map((item) => result.get(item) ?? alone(work, item))
}

function boundFields(lists: List[], mates: Item[]): { item: Item; list: List }[] {
  const rosters = Map.groupBy(
    lists.filter(({ lexicon }) => lexicon.kind === 'roster'),
    ({ lexicon }) => lexicon.id
  )
  for (const columns of rosters.values()) {
    const bound = columns.flatMap((list) => {
      const item = mates.find(({ reading }) => isFor(list, reading.field))
      return item ? [{ item, list }] : []
    })
    if (bound.length > 1) return bound
  }
  return []
}

function describe({ manifest }: Work, { reading, evidence }: Item, candidates: Candidate[]): Rescored {
  const described = describeCandidates(candidates, {
    frames: evidence.frames,
    manifest,
    geometry: geometryOfFrames(reading.width, reading.height, manifest, evidence.frames),
    greedyFirst: false
  })
  const onCrop = ({ start, end, ...character }: Character): Character => ({
    ...character,
    start: start + reading.left,
    end: end + reading.left
  })
  return { ...described, characters: described.characters.map(onCrop) }
}
