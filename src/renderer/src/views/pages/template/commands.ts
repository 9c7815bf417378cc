/** What each key of the editor does, by its id in the keymap. */
import { t } from '../../../i18n'
import { announce } from '../../../lib/announcer.svelte'
import type { Handler } from '../../../lib/commands.svelte'
import { isTyping } from '../typing'
import { alignments } from './align'
import type { Editor, Tool } from './editor.svelte'

/** What the commands reach of the view. */
export interface EditorParts {
  readonly editor: Editor
  rename(): void
  save(): void
  /** What Escape does where nothing is chosen. */
  leave(): void
  insert(): void
  zoomBy(steps: number): void
  fitAll(): void
  fitWide(): void
  /** Brings the chosen box into sight. */
  reveal(): void
}

export function editorCommands(parts: EditorParts): Record<string, Handler> {
  const { editor } = parts
  const tool =
    (next: Tool): Handler =>
    () =>
      void (editor.tool = editor.tool === next ? 'select' : next)
  /** Only where something is chosen. */
  const onChosen =
    (act: () => unknown): Handler =>
    () =>
      editor.chosen.size > 0 && !isTyping() ? act() : false

  function take(): void {
    const { open } = editor
    if (open.length === 0) return announce(t('pages:editor.said.noProposals'))
    editor.take(open)
    announce(t('pages:editor.said.taken', { count: open.length }))
  }

  function step(by: 1 | -1): void {
    const box = editor.step(by)
    if (box) announce(box.name || t('pages:editor.unnamed'))
    parts.reveal()
  }

  function order(by: -1 | 1): void {
    editor.reorder(by)
    const box = editor.selection[0]
    const at = editor.boxes.findIndex((candidate) => candidate.key === box?.key) + 1
    if (box) announce(t('pages:editor.said.order', { name: box.name, at, total: editor.boxes.length }))
  }

  function escape(): void {
    if (editor.gridArea) {
      editor.gridArea = null
      editor.gridPreview = []
    } else if (editor.tool !== 'select') editor.tool = 'select'
    else if (editor.chosen.size > 0) editor.choose([])
    else parts.leave()
  }

  return {
    'template.select': () => void (editor.tool = 'select'),
    'template.box': tool('box'),
    'template.grid': tool('grid'),
    'template.insert': () => parts.insert(),
    'template.take': take,
    'template.snap': () => {
      editor.snapping = !editor.snapping
      announce(t(editor.snapping ? 'pages:editor.said.snapOn' : 'pages:editor.said.snapOff'))
    },
    'template.next': () => step(1),
    'template.previous': () => step(-1),
    'template.all': () => (isTyping() ? false : editor.choose(editor.boxes.map((box) => box.key))),
    'template.escape': escape,
    'template.rename': onChosen(() => parts.rename()),
    'template.duplicate': onChosen(() => {
      announce(t('pages:editor.said.duplicated', { count: editor.duplicate() }))
      parts.reveal()
    }),
    'template.remove': onChosen(() => announce(t('pages:editor.said.removed', { count: editor.remove() }))),
    'template.earlier': onChosen(() => order(-1)),
    'template.later': onChosen(() => order(1)),
    'template.undo': () => {
      if (!editor.undo()) announce(t('pages:editor.said.nothingToUndo'))
    },
    'template.redo': () => {
      if (!editor.redo()) announce(t('pages:editor.said.nothingToRedo'))
    },
    ...Object.fromEntries(alignments.map((how) => [`template.${how}`, onChosen(() => editor.align(how))])),
    'template.zoomIn': () => parts.zoomBy(1),
    'template.zoomOut': () => parts.zoomBy(-1),
    'template.zoomFit': () => parts.fitAll(),
    'template.zoomWidth': () => parts.fitWide(),
    'template.save': () => parts.save()
  }
}
