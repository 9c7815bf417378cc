/** What a press on the template begins: choosing, moving, resizing, drawing. */
import { boxBetween, roundBox, type Box, type Point } from '../geometry/shapes'
import type { Gesture } from '../sheet/gesture'
import { change, leastSide, roomFor } from './draft'
import type { Editor } from './editor.svelte'
import { boxAt, boxesIn, handleAt, resize, type Handle } from './hit'
import { allEdges, snapEdges, snapMove, type Snapped } from './snap'

/** Screen px: reach of handles, and of edges that draw others to them. */
const handleReach = 7
const snapReach = 6

const difference = (a: Point, b: Point): Point => ({ x: a.x - b.x, y: a.y - b.y })

/** @param scale screen px for one px of the page */
export function pressed(editor: Editor, point: Point, event: PointerEvent, scale: number): Gesture {
  const single = editor.selection.length === 1 ? editor.selection[0]! : null
  const handle = single && editor.tool === 'select' ? handleAt(single, point, handleReach / scale) : null
  if (single && handle) return resizing(editor, single.key, single, handle, point, scale)
  if (editor.tool !== 'select') return drawing(editor, editor.tool, point, scale)
  const box = boxAt(editor.boxes, point, 2 / scale)
  const several = event.shiftKey || event.ctrlKey || event.metaKey
  if (box) {
    if (several) editor.toggle(box.key)
    else if (!editor.chosen.has(box.key)) editor.choose([box.key])
    else editor.lead = box.key
    return editor.chosen.has(box.key) ? moving(editor, box.key, point, scale, several) : nothing
  }
  return choosing(editor, point, several)
}

const nothing: Gesture = { move: () => undefined, end: () => undefined }

export function cursorFor(editor: Editor, point: Point, scale: number): string {
  if (editor.tool !== 'select') return 'crosshair'
  const single = editor.selection.length === 1 ? editor.selection[0]! : null
  const handle = single ? handleAt(single, point, handleReach / scale) : null
  if (handle) return `${handle}-resize`
  if (boxAt(editor.boxes, point, 2 / scale)) return 'move'
  return boxAt(editor.open, point) ? 'copy' : 'default'
}

function moving(editor: Editor, key: number, from: Point, scale: number, several: boolean): Gesture {
  const back = editor.mark()
  const before = new Map(editor.selection.map((box) => [box.key, box]))
  const grabbed = before.get(key)!
  const guides = editor.guides(editor.chosen)
  editor.seal()
  return {
    move(point, event) {
      const by = difference(point, from)
      const wanted = { ...grabbed, x: grabbed.x + by.x, y: grabbed.y + by.y }
      const snapped: Snapped = event.altKey
        ? { box: wanted, x: null, y: null }
        : snapMove(wanted, guides, snapReach / scale)
      editor.lines = snapped
      const room = roomFor([...before.values()], difference(snapped.box, grabbed), editor.page)
      editor.apply(
        change(editor.draft, editor.chosen, (box) => {
          const start = before.get(box.key)!
          return { x: Math.round(start.x + room.x), y: Math.round(start.y + room.y) }
        }),
        'move'
      )
    },
    end(_point, moved) {
      editor.lines = { x: null, y: null }
      editor.seal()
      if (!moved && !several) editor.choose([key])
    },
    cancel() {
      editor.lines = { x: null, y: null }
      back()
    }
  }
}

function resizing(editor: Editor, key: number, before: Box, handle: Handle, from: Point, scale: number): Gesture {
  const back = editor.mark()
  const only = new Set([key])
  const guides = editor.guides(only)
  const edges = {
    left: handle.includes('w'),
    right: handle.includes('e'),
    top: handle.includes('n'),
    bottom: handle.includes('s')
  }
  editor.seal()
  return {
    move(point, event) {
      const wanted = resize(before, handle, difference(point, from))
      const snapped = event.altKey
        ? { box: wanted, x: null, y: null }
        : snapEdges(wanted, edges, guides, snapReach / scale)
      editor.lines = snapped
      const next = roundBox(within(snapped.box, editor))
      editor.apply(
        change(editor.draft, only, () => next),
        'resize'
      )
    },
    end() {
      editor.lines = { x: null, y: null }
      editor.seal()
    },
    cancel() {
      editor.lines = { x: null, y: null }
      back()
    }
  }
}

function within(box: Box, { page }: Editor): Box {
  const x = Math.max(0, box.x)
  const y = Math.max(0, box.y)
  return {
    x,
    y,
    width: Math.max(leastSide, Math.min(page.width, box.x + box.width) - x),
    height: Math.max(leastSide, Math.min(page.height, box.y + box.height) - y)
  }
}

function drawing(editor: Editor, tool: 'box' | 'grid', from: Point, scale: number): Gesture {
  const guides = editor.guides(new Set())
  let area: Box | null = null
  const clear = (): void => {
    editor.drawn = null
    editor.lines = { x: null, y: null }
  }
  return {
    move(point, event) {
      const wanted = boxBetween(from, point)
      const snapped = event.altKey
        ? { box: wanted, x: null, y: null }
        : snapEdges(wanted, allEdges, guides, snapReach / scale)
      area = within(snapped.box, editor)
      editor.lines = snapped
      editor.drawn = { area, what: tool }
    },
    end(point, moved) {
      clear()
      if (tool === 'grid') {
        if (moved && area) editor.gridArea = roundBox(area)
        return
      }
      if (moved && area) editor.addBox(area)
      else takeAt(editor, point)
    },
    cancel: clear
  }
}

/** A click on something printed makes a field of it. */
function takeAt(editor: Editor, point: Point): boolean {
  const proposal = boxAt(editor.open, point)
  if (!proposal) return false
  editor.take([proposal])
  return true
}

function choosing(editor: Editor, from: Point, several: boolean): Gesture {
  const before = several ? [...editor.chosen] : []
  return {
    move(point) {
      const area = boxBetween(from, point)
      editor.drawn = { area, what: 'marquee' }
      editor.choose(new Set([...before, ...boxesIn(editor.boxes, area).map((box) => box.key)]))
    },
    end(point, moved) {
      editor.drawn = null
      if (!moved && !takeAt(editor, point)) editor.choose(before)
    },
    cancel() {
      editor.drawn = null
      editor.choose(before)
    }
  }
}
