import { describe, expect, it } from 'vitest'
import { Editor } from '../../src/renderer/src/views/pages/template/editor.svelte'
import { pressed } from '../../src/renderer/src/views/pages/template/gestures'
import { draftOf, fieldsOf } from '../../src/renderer/src/views/pages/template/stored'
import { Laying } from '../../src/renderer/src/views/pages/page/laying.svelte'
import type { TemplateDetail } from '../../src/shared/forms'

const stored: TemplateDetail = {
  id: 7,
  name: 'Form',
  width: 1000,
  height: 1400,
  pages: 0,
  updatedAt: '',
  imageVersion: '1',
  problems: [],
  fields: [
    { name: 'first', x: 100, y: 200, width: 300, height: 50, order: 2, ours: { kept: true } },
    { name: 'surname', x: 100, y: 100, width: 300, height: 50, order: 1, kind: 'name', model: 'names-caps' }
  ]
}
const mouse = (more: Partial<PointerEvent> = {}): PointerEvent =>
  ({ shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...more }) as PointerEvent
const namesOf = (editor: Editor): string[] => editor.boxes.map((box) => box.name)

/** A pull from one point to another. */
function pull(editor: Editor, from: [number, number], to: [number, number], more: Partial<PointerEvent> = {}): void {
  const gesture = pressed(editor, { x: from[0], y: from[1] }, mouse(more), 1)
  gesture.move({ x: to[0], y: to[1] }, mouse(more))
  gesture.end({ x: to[0], y: to[1] }, true, mouse(more))
}
function click(editor: Editor, x: number, y: number, more: Partial<PointerEvent> = {}): void {
  pressed(editor, { x, y }, mouse(more), 1).end({ x, y }, false, mouse(more))
}

describe('a stored template', () => {
  it('is read in its own order, and written with what is not known here and with the names before', () => {
    const draft = draftOf(stored)
    expect(draft.boxes.map((box) => box.name)).toEqual(['surname', 'first'])
    const renamed = draft.boxes.map((box) => (box.name === 'first' ? { ...box, name: ' given ' } : box))
    expect(fieldsOf(renamed)).toEqual([
      { name: 'surname', x: 100, y: 100, width: 300, height: 50, kind: 'name', model: 'names-caps', was: 'surname' },
      { name: 'given', x: 100, y: 200, width: 300, height: 50, kind: 'name', was: 'first', ours: { kept: true } }
    ])
  })
  it('once saved keeps its names over undo', () => {
    const editor = new Editor(stored)
    editor.choose([editor.boxes[0]!.key])
    editor.set({ name: 'family' })
    expect(editor.changed).toBe(true)
    editor.saved(stored)
    expect(editor.changed).toBe(false)
    editor.undo()
    expect(fieldsOf(editor.boxes)[0]).toMatchObject({ name: 'surname', was: 'family' })
  })
})

const nameOf = (box: ReturnType<Editor['step']>): string | null => (box && 'key' in box ? box.name : null)

describe('proposed boxes', () => {
  const proposal = (y: number, kind: 'box' | 'tick' = 'box') => ({ x: 100, y, width: 300, height: 50, kind, score: 1 })
  it('have their turn where they lie on the page, whatever the reading order', () => {
    const editor = new Editor(stored)
    editor.orderByPlace()
    editor.proposals = [proposal(20), proposal(300)]
    const walked = [1, 2, 3, 4, 5].map(() => nameOf(editor.step(1)))
    expect(walked).toEqual([null, 'surname', 'first', null, null])
    expect(editor.offered).toBe(editor.proposals[0])
    editor.take([editor.offered!])
    expect(editor.offered).toBeNull()
    expect(editor.selection).toMatchObject([{ y: 20, name: 'field_1' }])
  })
  it('are taken at once, those to tick last, and the first asks for its name', () => {
    const editor = new Editor(stored)
    editor.proposals = [proposal(400, 'tick'), proposal(300), proposal(500)]
    editor.take(editor.takeable)
    expect(editor.selection).toMatchObject([{ y: 300, name: 'field_1' }])
    expect(editor.takeable).toMatchObject([{ kind: 'tick' }])
  })
  it('come after a field that got its name, as do fields without one; a named one is not left', () => {
    const editor = new Editor(stored)
    editor.choose([editor.boxes[0]!.key])
    expect(editor.nextUnnamed()).toBe(false)
    expect(namesOf(editor)[0]).toBe('surname')
    expect(editor.selection).toMatchObject([{ name: 'surname' }])
    editor.proposals = [proposal(300)]
    editor.choose([editor.boxes[1]!.key])
    expect(editor.nextUnnamed()).toBe(true)
    expect(editor.offered).toBe(editor.proposals[0])
  })
})

describe('the mouse', () => {
  it('draws a field that snaps to what is printed, unless Alt is held', () => {
    const editor = new Editor(stored)
    editor.proposals = [{ x: 500, y: 300, width: 200, height: 60, kind: 'box', score: 1 }]
    editor.tool = 'box'
    pull(editor, [504, 297], [697, 363])
    expect(editor.selection[0]).toMatchObject({ x: 500, y: 300, width: 200, height: 60 })
    expect(editor.open).toEqual([])
    pull(editor, [504, 697], [690, 763], { altKey: true })
    expect(editor.selection[0]).toMatchObject({ x: 504, y: 697, width: 186, height: 66, name: 'field_2' })
  })
  it('takes a proposed box by a click, a tick box as such', () => {
    const editor = new Editor(stored)
    editor.proposals = [{ x: 500, y: 300, width: 20, height: 20, kind: 'tick', score: 1 }]
    click(editor, 510, 310)
    expect(editor.selection[0]).toMatchObject({ x: 500, width: 20, kind: 'tick' })
    editor.undo()
    expect(namesOf(editor)).toEqual(['surname', 'first'])
  })
  it('moves what is chosen in one step of undo, and Escape gives the pull up', () => {
    const editor = new Editor(stored)
    editor.snapping = false
    click(editor, 150, 120)
    click(editor, 150, 220, { shiftKey: true })
    pull(editor, [150, 220], [170, 250])
    expect(editor.boxes.map((box) => [box.x, box.y])).toEqual([
      [120, 130],
      [120, 230]
    ])
    const gesture = pressed(editor, { x: 150, y: 240 }, mouse(), 1)
    gesture.move({ x: 500, y: 500 }, mouse())
    gesture.cancel?.()
    expect(editor.boxes[0]).toMatchObject({ x: 120, y: 130 })
    editor.undo()
    expect(editor.boxes[0]).toMatchObject({ x: 100, y: 100 })
    expect(editor.changed).toBe(false)
  })
  it('resizes by a handle of the one chosen', () => {
    const editor = new Editor(stored)
    editor.snapping = false
    click(editor, 150, 120)
    pull(editor, [400, 150], [450, 170])
    expect(editor.boxes[0]).toMatchObject({ x: 100, y: 100, width: 350, height: 70 })
  })
  it('chooses what a pull over the paper touches', () => {
    const editor = new Editor(stored)
    pull(editor, [50, 50], [200, 210])
    expect(editor.selection).toHaveLength(2)
    click(editor, 800, 800)
    expect(editor.selection).toHaveLength(0)
  })
})

describe('the keyboard', () => {
  it('goes from field to field, moves them in one step, puts them in order', () => {
    const editor = new Editor(stored)
    expect(nameOf(editor.step(1))).toBe('surname')
    expect(nameOf(editor.step(1))).toBe('first')
    expect(nameOf(editor.step(1))).toBe('surname')
    editor.nudge({ x: 1, y: 0 })
    editor.nudge({ x: 1, y: 0 })
    expect(editor.boxes[0]!.x).toBe(102)
    editor.undo()
    expect(editor.boxes[0]!.x).toBe(100)
    editor.reorder(1)
    expect(namesOf(editor)).toEqual(['first', 'surname'])
    expect(editor.remove()).toBe(1)
    expect(editor.selection.map((box) => box.name)).toEqual(['first'])
  })
})

describe('a template laid by hand', () => {
  const page = { width: 1600, height: 2200 }
  it('begins in the middle, as large as the page allows', () => {
    const laying = new Laying(stored, page, 0, null)
    expect(laying.problem).toBeNull()
    expect(laying.preview.map((field) => field.name)).toEqual(['first', 'surname'])
    const [a, , c] = laying.corners
    expect((c!.x - a!.x) / (c!.y - a!.y)).toBeCloseTo(1000 / 1400)
    expect(c!.y).toBeLessThanOrEqual(2200)
  })
  it('stands upright as it is seen: turned half round, its own top left is the stored lower right', () => {
    const laying = new Laying(stored, page, 0, [0, 0, 1600, 0, 1600, 2200, 0, 2200])
    laying.turn(1)
    expect(laying.page).toEqual({ width: 2200, height: 1600 })
    laying.turn(1)
    expect(laying.corners[0]).toEqual({ x: 0, y: 0 })
    expect(laying.storedCorners).toEqual([1600, 2200, 0, 2200, 0, 0, 1600, 0])
    expect(laying.problem).toBeNull()
  })
  it('follows the pointer by a corner, and says where the sides cross', () => {
    const laying = new Laying(stored, page, 0, [0, 0, 1600, 0, 1600, 2200, 0, 2200])
    const gesture = laying.pull(0)
    gesture.move({ x: 5, y: 5 }, mouse())
    gesture.move({ x: 1705, y: 1105 }, mouse())
    expect(laying.corners[0]).toEqual({ x: 1700, y: 1100 })
    expect(laying.problem).toBe('crossed')
    expect(laying.preview).toEqual([])
    gesture.cancel?.()
    expect(laying.corners[0]).toEqual({ x: 0, y: 0 })
  })
})
