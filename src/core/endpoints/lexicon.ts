import type { lexiconEndpoints, LexiconInfo } from '../../shared/contract/lexicon'
import type { Context } from '../context'
import { NominaError } from '../../shared/failure'
import { modelsInUse } from '../jobs'
import { applyLists, complete, importList, inspectList, removeList } from '../lexicon'
import { immediate, readCounts } from '../store'
import { changeLexicon, readLexicons, type StoredLexicon } from '../store/lexicons'
import { db, done } from './shared'
import type { HandlersOf } from './types'

export const lexiconHandlers: HandlersOf<keyof typeof lexiconEndpoints> = {
  'lexicon.list': (context) => ({ lexicons: readLexicons(db(context)).map(infoOf) }),
  'lexicon.inspect': (context, input) => inspectList(db(context), input),
  'lexicon.import': async (context, input) => {
    const { lexicon, ...report } = await importList(db(context), input, progressOf(context, 'import'))
    return { lexicon: infoOf(lexicon as StoredLexicon), ...report }
  },
  'lexicon.change': (context, { id, ...change }) => {
    const lexicon = lexiconOf(context, id)
    if (lexicon.kind === 'roster' && change.fields !== undefined) refuseOtherFields(lexicon, change.fields)
    immediate(db(context), () => changeLexicon(db(context), id, change))
    return { lexicon: infoOf(lexiconOf(context, id)) }
  },
  'lexicon.remove': async (context, { id }) => {
    await removeList(db(context), id)
    return done
  },
  'lexicon.apply': async (context) => {
    const result = await applyLists(db(context), modelsInUse(context), progressOf(context, 'apply'))
    context.bus.emit('fields.changed', { ids: null, counts: readCounts(db(context)) })
    return result
  },
  'lexicon.complete': async (context, input) => ({ completions: await complete(db(context), input) })
}

function lexiconOf(context: Context, id: number): StoredLexicon {
  const found = readLexicons(db(context)).find((lexicon) => lexicon.id === id)
  if (!found) throw new NominaError('not-found', `There is no list with the number ${id}.`)
  return found
}

/** Each column keeps a field of its own. */
function refuseOtherFields({ name, fields }: StoredLexicon, wanted: string[] | null): void {
  const columns = fields?.length ?? 0
  if (wanted?.length === columns && new Set(wanted).size === columns) return
  throw new NominaError(
    'invalid-input',
    `The roster "${name}" has ${columns} column${columns === 1 ? '' : 's'}: give each a field of its own.`
  )
}

function infoOf({ total: _total, ...info }: StoredLexicon): LexiconInfo {
  return info
}

/** Told to all windows, at most some times a second. */
function progressOf(context: Context, what: 'import' | 'apply'): (done: number, total: number | null) => void {
  let last = 0
  return (done, total) => {
    const now = performance.now()
    if (now - last < 150 && done !== total) return
    last = now
    context.bus.emit('lexicon.progress', { what, done, total })
  }
}
