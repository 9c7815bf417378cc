import type { lexiconEndpoints, LexiconInfo } from '../../shared/contract/lexicon'
import { NominaError } from '../../shared/failure'
import { done, modelsInUse, type Project, type ProjectHandlers } from '../project'
import { immediate } from '../store'
import { changeLexicon, readLexicons, type StoredLexicon } from '../store/lexicons'
import { applyLists, complete, importList, inspectList, removeList } from '.'

export const lexiconHandlers: ProjectHandlers<keyof typeof lexiconEndpoints> = {
  'lexicon.list': (project) => ({ lexicons: readLexicons(project.db).map(infoOf) }),
  'lexicon.inspect': (project, input) => inspectList(project.db, input),
  'lexicon.import': ({ db, jobs }, input) =>
    jobs.quick.run('addList', input, async (control) => {
      const { lexicon, ...report } = await importList(db, input, control)
      return { lexicon: infoOf(lexicon as StoredLexicon), ...report }
    }),
  'lexicon.change': (project, { id, ...change }) => {
    const lexicon = lexiconOf(project, id)
    if (lexicon.kind === 'roster' && change.fields !== undefined) refuseOtherFields(lexicon, change.fields)
    immediate(project.db, () => changeLexicon(project.db, id, change))
    return { lexicon: infoOf(lexiconOf(project, id)) }
  },
  'lexicon.remove': async (project, { id }) => {
    await removeList(project.db, id)
    return done
  },
  'lexicon.apply': (project) =>
    project.jobs.quick.run('applyLists', null, async (control) => {
      try {
        return await applyLists(project.db, modelsInUse(project), control)
      } finally {
        project.tellFields(null)
      }
    }),
  'lexicon.complete': async (project, input) => ({ completions: await complete(project.db, input) })
}

function lexiconOf(project: Project, id: number): StoredLexicon {
  const found = readLexicons(project.db).find((lexicon) => lexicon.id === id)
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
