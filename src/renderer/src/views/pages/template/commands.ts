/** The commands of the template editor. */
import AlignEndHorizontal from '@lucide/svelte/icons/align-end-horizontal'
import AlignEndVertical from '@lucide/svelte/icons/align-end-vertical'
import AlignHorizontalSpaceBetween from '@lucide/svelte/icons/align-horizontal-space-between'
import AlignStartHorizontal from '@lucide/svelte/icons/align-start-horizontal'
import AlignStartVertical from '@lucide/svelte/icons/align-start-vertical'
import AlignVerticalSpaceBetween from '@lucide/svelte/icons/align-vertical-space-between'
import Copy from '@lucide/svelte/icons/copy'
import Grid3x3 from '@lucide/svelte/icons/grid-3x3'
import Magnet from '@lucide/svelte/icons/magnet'
import MousePointer2 from '@lucide/svelte/icons/mouse-pointer-2'
import MoveHorizontal from '@lucide/svelte/icons/move-horizontal'
import MoveVertical from '@lucide/svelte/icons/move-vertical'
import Redo2 from '@lucide/svelte/icons/redo-2'
import SquarePlus from '@lucide/svelte/icons/square-plus'
import Trash2 from '@lucide/svelte/icons/trash-2'
import Undo2 from '@lucide/svelte/icons/undo-2'
import { t } from '../../../i18n'
import { announce } from '../../../lib/announcer.svelte'
import { define, type Spec } from '../../../lib/keymap'
import { zoomCommands, type Zoomed } from '../sheet/commands'
import { isTyping } from '../typing'
import type { Alignment } from './align'
import type { Editor, Tool } from './editor.svelte'

/** What the commands reach of the view. */
export interface EditorParts extends Zoomed {
  readonly editor: Editor
  rename(): void
  save(): void
  /** What Escape does where nothing is chosen. */
  leave(): void
  insert(): void
  /** Brings the chosen box into sight. */
  reveal(): void
}

type Command = Spec<EditorParts>
type Said = Omit<Command, 'when' | 'run'>

/** A tool that its key takes up, and puts down again. */
const tool = (next: Tool, said: Said): Command => ({
  ...said,
  button: t(`pages:editor.${next}`),
  run: ({ editor }) => void (editor.tool = editor.tool === next ? 'select' : next)
})

/** Only where something is chosen. */
const onChosen = (said: Said, act: (parts: EditorParts) => unknown): Command => ({
  ...said,
  when: ({ editor }) => editor.chosen.size > 0 && !isTyping(),
  run: act
})

const align = (how: Alignment, key: string, icon: NonNullable<Command['icon']>): Command =>
  onChosen({ group: 'align', keys: [key], icon }, ({ editor }) => editor.align(how))

function take({ editor, reveal }: EditorParts): void {
  const { takeable } = editor
  if (takeable.length === 0) return announce(t('pages:editor.said.noProposals'))
  editor.take(takeable)
  announce(t('pages:editor.said.taken', { count: takeable.length }))
  reveal()
}

/** A proposal becomes a field, and asks for its name at once. */
function name({ editor, rename }: EditorParts): void {
  if (editor.offered) editor.take([editor.offered])
  rename()
}

function step({ editor, reveal }: EditorParts, by: 1 | -1): void {
  const box = editor.step(by)
  if (box) announce('key' in box ? box.name || t('pages:editor.unnamed') : t('pages:editor.proposal'))
  reveal()
}

function order({ editor }: EditorParts, by: -1 | 1): void {
  editor.reorder(by)
  const box = editor.selection[0]
  const at = editor.boxes.findIndex((candidate) => candidate.key === box?.key) + 1
  if (box) announce(t('pages:editor.said.order', { name: box.name, at, total: editor.boxes.length }))
}

function escape({ editor, leave }: EditorParts): void {
  if (editor.gridArea) {
    editor.gridArea = null
    editor.gridPreview = []
  } else if (editor.tool !== 'select') editor.tool = 'select'
  else if (editor.chosen.size > 0 || editor.offered) editor.choose([])
  else leave()
}

export const editorCommands = define<EditorParts, 'template'>('template', 'template', {
  select: {
    group: 'draw',
    keys: ['V'],
    button: t('pages:editor.select'),
    icon: MousePointer2,
    run: ({ editor }) => void (editor.tool = 'select')
  },
  box: tool('box', { group: 'draw', keys: ['B'], icon: SquarePlus }),
  grid: tool('grid', { group: 'draw', keys: ['G'], icon: Grid3x3 }),
  insert: { group: 'draw', keys: ['Insert', 'Alt+I'], run: (parts) => parts.insert() },
  take: { group: 'draw', keys: ['P'], run: take },
  snap: {
    group: 'draw',
    keys: ['S'],
    button: t('pages:editor.snap'),
    icon: Magnet,
    run({ editor }) {
      editor.snapping = !editor.snapping
      announce(t(editor.snapping ? 'pages:editor.said.snapOn' : 'pages:editor.said.snapOff'))
    }
  },
  next: { group: 'select', keys: ['N'], run: (parts) => step(parts, 1) },
  previous: { group: 'select', keys: ['Shift+N'], run: (parts) => step(parts, -1) },
  all: {
    group: 'select',
    keys: ['Mod+A'],
    when: () => !isTyping(),
    run: ({ editor }) => editor.choose(editor.boxes.map((box) => box.key))
  },
  escape: { group: 'select', keys: ['Escape'], run: escape },
  rename: {
    group: 'change',
    keys: ['Enter', 'F2'],
    when: ({ editor }) => (editor.chosen.size > 0 || editor.offered !== null) && !isTyping(),
    run: name
  },
  move: { group: 'change', keys: ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'], native: true },
  moveFar: { group: 'change', keys: ['Shift+ArrowUp'], native: true },
  resize: { group: 'change', keys: ['Alt+ArrowUp', 'Alt+Shift+ArrowUp'], native: true },
  duplicate: onChosen({ group: 'change', keys: ['D', 'Mod+D'], icon: Copy }, ({ editor, reveal }) => {
    announce(t('pages:editor.said.duplicated', { count: editor.duplicate() }))
    reveal()
  }),
  remove: onChosen({ group: 'change', keys: ['Delete', 'Backspace'], icon: Trash2 }, ({ editor }) =>
    announce(t('pages:editor.said.removed', { count: editor.remove() }))
  ),
  earlier: onChosen({ group: 'change', keys: ['Mod+Shift+ArrowUp', '['] }, (parts) => order(parts, -1)),
  later: onChosen({ group: 'change', keys: ['Mod+Shift+ArrowDown', ']'] }, (parts) => order(parts, 1)),
  undo: {
    group: 'change',
    keys: ['Mod+Z'],
    icon: Undo2,
    run({ editor }) {
      if (!editor.undo()) announce(t('pages:editor.said.nothingToUndo'))
    }
  },
  redo: {
    group: 'change',
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    icon: Redo2,
    run({ editor }) {
      if (!editor.redo()) announce(t('pages:editor.said.nothingToRedo'))
    }
  },
  left: align('left', 'L', AlignStartVertical),
  right: align('right', 'R', AlignEndVertical),
  top: align('top', 'T', AlignStartHorizontal),
  bottom: align('bottom', 'F', AlignEndHorizontal),
  width: align('width', 'W', MoveHorizontal),
  height: align('height', 'H', MoveVertical),
  across: align('across', 'X', AlignHorizontalSpaceBetween),
  down: align('down', 'Y', AlignVerticalSpaceBetween),
  ...zoomCommands,
  save: { group: 'template', keys: ['Mod+S'], run: (parts) => parts.save() }
})
