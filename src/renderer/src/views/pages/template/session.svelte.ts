/** Loads and stores the template that is edited. What is not stored outlives a look at another view. */
import type { ModelInfo } from '../../../../../shared/domain'
import { t } from '../../../i18n'
import { announce } from '../../../lib/announcer.svelte'
import { call, messageOf } from '../../../lib/api'
import { session } from '../../../lib/session.svelte'
import { toast } from '../../../lib/toasts.svelte'
import type { TemplateDetail } from '../../../../../shared/forms'
import { Editor } from './editor.svelte'
import { fieldsOf } from './stored'

/** Editors with something that is not stored, by project and template. */
const kept = new Map<string, Editor>()
const keyOf = (id: number): string => `${session.project?.path ?? ''}\n${id}`

export const isUnsaved = (id: number): boolean => kept.get(keyOf(id))?.changed ?? false

addEventListener('beforeunload', (event) => {
  if ([...kept.values()].some((editor) => editor.changed)) event.preventDefault()
})

export class TemplateSession {
  editor = $state.raw<Editor | null>(null)
  stored = $state.raw<TemplateDetail | null>(null)
  models = $state.raw<readonly ModelInfo[]>([])
  failure = $state<string | null>(null)
  saving = $state(false)
  proposing = $state(false)

  constructor(readonly id: number) {}

  async load(): Promise<void> {
    try {
      const [stored, { templates }] = await Promise.all([
        call('templates.get', { id: this.id }),
        call('templates.list', {})
      ])
      this.stored = stored
      const editor = kept.get(keyOf(this.id)) ?? new Editor(stored)
      editor.taken = new Set(templates.filter((other) => other.id !== this.id).map((other) => other.name))
      kept.set(keyOf(this.id), editor)
      this.editor = editor
      this.failure = null
    } catch (error) {
      this.failure = messageOf(error)
      return
    }
    void call('models.list', {}).then(
      ({ models }) => (this.models = models),
      () => undefined
    )
    await this.#propose()
  }

  async #propose(): Promise<void> {
    const { editor } = this
    if (!editor || editor.proposals.length > 0) return
    this.proposing = true
    try {
      editor.proposals = (await call('templates.propose', { id: this.id })).boxes
    } catch (error) {
      toast('note', t('pages:editor.proposalsFailed', { reason: messageOf(error) }))
    } finally {
      this.proposing = false
    }
  }

  /** Whether it is stored now. */
  async save(): Promise<boolean> {
    const { editor } = this
    if (!editor || this.saving || editor.problems.length > 0) return false
    this.saving = true
    editor.seal()
    try {
      const { template } = await call('templates.save', {
        id: this.id,
        name: editor.draft.name.trim(),
        fields: fieldsOf(editor.boxes)
      })
      this.stored = template
      editor.saved(template)
      const said = template.pages > 0 ? t('pages:editor.savedRun', { count: template.pages }) : t('pages:editor.saved')
      announce(said)
      toast('done', said)
      return true
    } catch (error) {
      toast('failure', t('pages:editor.notSaved', { reason: messageOf(error) }))
      return false
    } finally {
      this.saving = false
    }
  }

  /** Forgets what is not stored. */
  giveUp(): void {
    kept.delete(keyOf(this.id))
  }
}
