/** The keys of pages, of one page and of the template editor: part of the one table in keymap.ts. */
import { t } from '../i18n'
import type { Command } from './keymap'

type PageScope = 'pages' | 'page' | 'template'
type Group = 'move' | 'decide' | 'view' | 'select' | 'draw' | 'change' | 'align' | 'template'

const of =
  (scope: PageScope) =>
  (group: Group, id: string, title: string, keys: string[], more: Partial<Command> = {}): Command => ({
    id: `${scope}.${id}`,
    title,
    group: t(`pages:keys.groups.${group}`),
    scope,
    keys,
    ...more
  })
const wall = of('pages')
const page = of('page')
const template = of('template')
const native = { native: true }

export const pageCommands: readonly Command[] = [
  wall('move', 'arrows', t('pages:keys.pageToPage'), ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'], native),
  wall('move', 'open', t('pages:keys.openPage'), ['Enter']),
  wall('select', 'select', t('pages:keys.selectPage'), ['Space', 'X']),
  wall('select', 'all', t('pages:keys.selectAll'), ['Mod+A']),
  wall('select', 'clear', t('pages:keys.selectNone'), ['Escape']),
  wall('decide', 'discard', t('pages:keys.discard'), ['D']),
  wall('decide', 'restore', t('pages:keys.restore'), ['R']),
  wall('decide', 'again', t('pages:keys.again'), ['T']),
  wall('view', 'problems', t('pages:keys.problems'), ['P']),
  wall('view', 'search', t('pages:keys.search'), ['Mod+F', '/']),
  wall('template', 'template', t('pages:keys.newTemplate'), ['N']),

  page('move', 'arrows', t('pages:keys.fieldToField'), ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'], native),
  page('move', 'open', t('pages:keys.openField'), ['Enter']),
  page('move', 'next', t('pages:keys.nextPage'), ['PageDown']),
  page('move', 'previous', t('pages:keys.previousPage'), ['PageUp']),
  page('move', 'back', t('pages:keys.allPages'), ['Escape']),
  page('decide', 'corners', t('pages:keys.corners'), ['C']),
  page('decide', 'discard', t('pages:keys.discard'), ['D']),
  page('decide', 'restore', t('pages:keys.restore'), ['R']),
  page('decide', 'again', t('pages:keys.again'), ['T']),
  page('template', 'template', t('pages:keys.templateFromPage'), ['N']),
  page('view', 'boxes', t('pages:keys.boxes'), ['B']),
  page('view', 'zoomIn', t('pages:keys.zoomIn'), ['+', '=']),
  page('view', 'zoomOut', t('pages:keys.zoomOut'), ['-']),
  page('view', 'zoomFit', t('pages:keys.zoomFit'), ['0']),
  page('view', 'zoomWidth', t('pages:keys.zoomWidth'), ['1']),
  page('view', 'pan', t('pages:keys.pan'), ['Mod+ArrowUp', 'Mod+ArrowDown', 'Mod+ArrowLeft', 'Mod+ArrowRight'], native),
  page('view', 'turnLeft', t('pages:keys.turnLeft'), [',']),
  page('view', 'turnRight', t('pages:keys.turnRight'), ['.']),

  template('draw', 'select', t('pages:keys.toolSelect'), ['V']),
  template('draw', 'box', t('pages:keys.toolBox'), ['B']),
  template('draw', 'grid', t('pages:keys.toolGrid'), ['G']),
  template('draw', 'insert', t('pages:keys.insert'), ['Insert', 'I']),
  template('draw', 'take', t('pages:keys.take'), ['P']),
  template('draw', 'snap', t('pages:keys.snap'), ['S']),
  template('select', 'next', t('pages:keys.nextBox'), ['N']),
  template('select', 'previous', t('pages:keys.previousBox'), ['Shift+N']),
  template('select', 'all', t('pages:keys.selectAllBoxes'), ['Mod+A']),
  template('select', 'escape', t('pages:keys.selectNoneBox'), ['Escape']),
  template('change', 'rename', t('pages:keys.rename'), ['Enter', 'F2']),
  template('change', 'move', t('pages:keys.nudge'), ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'], native),
  template('change', 'moveFar', t('pages:keys.nudgeFar'), ['Shift+ArrowUp'], native),
  template('change', 'resize', t('pages:keys.resize'), ['Alt+ArrowUp', 'Alt+Shift+ArrowUp'], native),
  template('change', 'duplicate', t('pages:keys.duplicate'), ['D', 'Mod+D']),
  template('change', 'remove', t('pages:keys.remove'), ['Delete', 'Backspace']),
  template('change', 'earlier', t('pages:keys.earlier'), ['Mod+Shift+ArrowUp', '[']),
  template('change', 'later', t('pages:keys.later'), ['Mod+Shift+ArrowDown', ']']),
  template('change', 'undo', t('pages:keys.undo'), ['Mod+Z']),
  template('change', 'redo', t('pages:keys.redo'), ['Mod+Shift+Z', 'Mod+Y']),
  template('align', 'left', t('pages:keys.alignLeft'), ['L']),
  template('align', 'right', t('pages:keys.alignRight'), ['R']),
  template('align', 'top', t('pages:keys.alignTop'), ['T']),
  template('align', 'bottom', t('pages:keys.alignBottom'), ['F']),
  template('align', 'width', t('pages:keys.sameWidth'), ['W']),
  template('align', 'height', t('pages:keys.sameHeight'), ['H']),
  template('align', 'across', t('pages:keys.across'), ['X']),
  template('align', 'down', t('pages:keys.down'), ['Y']),
  template('view', 'zoomIn', t('pages:keys.zoomIn'), ['+', '=']),
  template('view', 'zoomOut', t('pages:keys.zoomOut'), ['-']),
  template('view', 'zoomFit', t('pages:keys.zoomFit'), ['0']),
  template('view', 'zoomWidth', t('pages:keys.zoomWidth'), ['1']),
  template(
    'view',
    'pan',
    t('pages:keys.pan'),
    ['Mod+ArrowUp', 'Mod+ArrowDown', 'Mod+ArrowLeft', 'Mod+ArrowRight'],
    native
  ),
  template('template', 'save', t('pages:keys.save'), ['Mod+S'])
]
