/** Loads and stores the template that is edited. */
import type { ModelInfo } from '../../../../../shared/domain'
import { t } from '../../../i18n'
import { announce } from '../../../lib/announcer.svelte'
import { call, messageOf } from '../../../lib/api'
import { orToast } from '../../../lib/orToast'
import { dismiss, toast } from '../../../lib/toasts.svelte'
import type { TemplateDetail } from '../../../../../shared/forms'
import { leastSide } from './draft'
import { goTo } from '../place.svelte'
import { Editor } from './editor.svelte'
import { dropEditor, keepEditor, keptEditor } from './kept'
import { fieldsOf } from './stored'

export class TemplateSession {
  editor = $state.raw<Editor | null>(null)
  stored = $state.raw<TemplateDetail | null>(null)
  models = $state.raw<readonly ModelInfo[]>([])
  failure = $state<string | null>(null)
  saving = $state(false)
  proposing = $state(false)
  /** Somebody wanted to save what is not ready. */
  refused = $state(false)
  /** The message that leads to the pages. */
  #offer: number | null = null

  constructor(readonly id: number) {}

  async load(): Promise<void> {
    try {
      const [stored, { templates }] = await Promise.all([
        call('templates.get', { id: this.id }),
        call('templates.list', {})
      ])
      this.stored = stored
      const kept = keptEditor(this.id)
      const editor = kept?.changed ? kept : new Editor(stored)
      editor.taken = templates.filter((other) => other.id !== this.id).map((other) => other.name)
      keepEditor(editor)
      this.editor = editor
      this.failure = null
    } catch (error) {
      this.failure = messageOf(error)
      return
    }
    void call('models.list', {}).then(
      ({ models }) => (this.models = models.filter(({ kept }) => !kept)),
      () => undefined
    )
    void this.#propose()
  }

  async #propose(): Promise<void> {
    const { editor } = this
    if (!editor || editor.proposals.length > 0) return
    this.proposing = true
    try {
      const { boxes } = await call('templates.propose', { id: this.id })
      editor.proposals = boxes.filter((box) => Math.min(box.width, box.height) >= leastSide)
    } catch (error) {
      toast('note', t('pages:editor.proposalsFailed', { reason: messageOf(error) }))
    } finally {
      this.proposing = false
    }
  }

  /** Whether it is stored now. */
  async save(): Promise<boolean> {
    const { editor } = this
    if (!editor || this.saving) return false
    const problem = editor.problems[0]
    this.refused = problem !== undefined
    if (problem) {
      announce(t(`pages:editor.problems.${problem.code}`, { name: problem.name }))
      return false
    }
    this.saving = true
    editor.seal()
    const saved = await orToast(
      async () => {
        const { template, runId } = await call('templates.save', {
          id: this.id,
          name: editor.draft.name.trim(),
          fields: fieldsOf(editor.boxes)
        })
        this.stored = template
        editor.saved(template)
        await this.#sayWhatFollows(runId)
      },
      (reason) => t('pages:editor.notSaved', { reason })
    )
    this.saving = false
    return saved
  }

  /** Pages of the template are cut again, and those on none are tried: how many, and where to see them. */
  async #sayWhatFollows(runId: number | null): Promise<void> {
    const waiting = runId === null ? 0 : (await call('pages.counts', {})).pending
    const said = waiting > 0 ? t('pages:editor.savedRun', { count: waiting }) : t('pages:editor.saved')
    const look = { title: t('pages:report.look'), run: () => goTo({ at: 'wall' }) }
    announce(said)
    this.#offer = toast('done', said, waiting > 0 ? look : undefined)
  }

  forgetOffer(): void {
    if (this.#offer !== null) dismiss(this.#offer)
  }

  /** Whoever leaves a template that was never saved leaves none behind: it would be offered, and fits nothing. */
  async end(): Promise<void> {
    const { stored } = this
    if (!stored || stored.fields.length > 0 || stored.pages > 0 || keptEditor(this.id)?.changed) return
    dropEditor(this.id)
    await orToast(
      () => call('templates.remove', { id: this.id }),
      (reason) => t('pages:templates.failed', { reason })
    )
  }

  /** Forgets what is not stored. */
  giveUp(): void {
    dropEditor(this.id)
  }
}
