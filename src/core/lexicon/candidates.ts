/** The texts that one field may hold, by its image, the language model and the lists. */
import { greedyRuns, type Frames } from '../../reading/decode'
import { logPosteriorOf } from '../../reading/decode/posterior'
import { shareOut, type Candidate } from '../../reading/decode/rank'
import { isFor, type List } from './lists'
import { languageLog, listFactor, type Prior } from './prior'
import { bestTexts } from './search'

/** Prefixes that are followed in a list, and texts that are taken from it. */
const SEARCH = { width: 32, most: 6 }

export interface FieldEvidence {
  frames: Frames
  blank: number
  field: string
  /** What the model read by itself, as class indices: the text first. */
  own: readonly (readonly number[])[]
}

/**
 * Best first. Those that only a list knows have it as their source.
 * @param except rosters whose rows are weighed as a whole elsewhere
 */
export function candidatesOf(
  { frames, blank, field, own }: FieldEvidence,
  lists: readonly List[],
  prior: Prior,
  except: ReadonlySet<number> = new Set()
): Candidate[] {
  const used = lists.filter((list) => isFor(list, field) && !except.has(list.lexicon.id))
  const texts = new Map<string, Omit<Candidate, 'probability'>>()
  const add = (classes: readonly number[], source?: Candidate['source']): void => {
    const key = classes.join()
    if (texts.has(key)) return
    texts.set(key, {
      classes,
      logProbability: logPosteriorOf(classes, frames, blank),
      logFactor: listFactor(prior, used, classes),
      perCharacter: prior.fusion ? languageLog(prior, classes) / (classes.length + 1) : 0,
      ...(source && { source })
    })
  }
  own.forEach((classes) => add(classes))
  add(greedyRuns(frames, blank).map((run) => run.class))
  for (const { trie, lexicon } of used) {
    const source = lexicon.kind === 'roster' ? 'roster' : 'lexicon'
    for (const classes of bestTexts(trie, frames, blank, SEARCH)) add(classes, source)
  }
  return shareOut([...texts.values()])
}
