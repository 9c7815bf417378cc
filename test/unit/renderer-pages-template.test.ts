import { describe, expect, it } from 'vitest'
import { align } from '../../src/renderer/src/views/pages/template/align'
import {
  add,
  createBox,
  duplicate,
  freeName,
  grow,
  inPlaceOrder,
  move,
  remove,
  reorder,
  type Draft
} from '../../src/renderer/src/views/pages/template/draft'
import {
  cellsOf,
  gridBoxes,
  nameOf,
  printedGrid,
  type GridPlan
} from '../../src/renderer/src/views/pages/template/grid'
import { boxAt, boxesIn, handleAt, resize } from '../../src/renderer/src/views/pages/template/hit'
import * as history from '../../src/renderer/src/views/pages/template/history'
import { allEdges, guidesOf, snapEdges, snapMove } from '../../src/renderer/src/views/pages/template/snap'
import { problemsOf } from '../../src/renderer/src/views/pages/template/validate'

const page = { width: 1000, height: 1400 }
const boxes = [
  createBox({ x: 100, y: 100, width: 200, height: 50 }, 'surname'),
  createBox({ x: 130, y: 200, width: 300, height: 60 }, 'first'),
  createBox({ x: 90, y: 400, width: 150, height: 40 }, 'town')
]
const [a, b, c] = boxes.map((box) => box.key) as [number, number, number]
const draft: Draft = { name: 'Form', boxes }
const placesOf = ({ boxes }: Draft): number[][] => boxes.map((box) => [box.x, box.y, box.width, box.height])
const names = ({ boxes }: Draft): string[] => boxes.map((box) => box.name)

describe('boxes', () => {
  it('move together, and stop together at the edge of the page', () => {
    expect(placesOf(move(draft, new Set([a, c]), { x: -1, y: 10 }, page)).map(([x, y]) => [x, y])).toEqual([
      [99, 110],
      [130, 200],
      [89, 410]
    ])
    const stopped = move(draft, new Set([a, b, c]), { x: -500, y: 0 }, page)
    expect(stopped.boxes.map((box) => box.x)).toEqual([10, 40, 0])
  })
  it('grow by their right and lower sides, neither off the page nor to nothing', () => {
    expect(grow(draft, new Set([a]), { x: 5, y: -1 }, page).boxes[0]).toMatchObject({ width: 205, height: 49 })
    expect(grow(draft, new Set([a]), { x: -900, y: 9000 }, page).boxes[0]).toMatchObject({ width: 8, height: 1300 })
  })
  it('are duplicated below, with free names, behind the last of them', () => {
    const { draft: next, added } = duplicate(draft, new Set([a, b]), page)
    expect(names(next)).toEqual(['surname', 'first', 'surname_2', 'first_2', 'town'])
    expect(added.map((box) => [box.x, box.y])).toEqual([
      [100, 260],
      [130, 360]
    ])
    expect(new Set(next.boxes.map((box) => box.key)).size).toBe(5)
    expect(freeName('name_9', new Set(['name_9', 'name_10']))).toBe('name_11')
  })
  it('are deleted, and put in order', () => {
    expect(names(remove(draft, new Set([b])))).toEqual(['surname', 'town'])
    expect(names(reorder(draft, new Set([b, c]), -1))).toEqual(['first', 'town', 'surname'])
    expect(names(reorder(draft, new Set([a, b]), 1))).toEqual(['town', 'surname', 'first'])
    expect(reorder(draft, new Set([a]), -1)).toBe(draft)
    const mixed = [boxes[2]!, createBox({ x: 500, y: 110, width: 200, height: 50 }, 'right'), boxes[1]!, boxes[0]!]
    expect(inPlaceOrder(mixed).map((box) => box.name)).toEqual(['surname', 'right', 'first', 'town'])
  })
})

describe('under the pointer', () => {
  it('is the smallest box, or the handle within reach', () => {
    const inner = createBox({ x: 110, y: 110, width: 20, height: 20 }, 'inner')
    expect(boxAt([...boxes, inner], { x: 115, y: 115 })?.name).toBe('inner')
    expect(boxAt(boxes, { x: 96, y: 120 })).toBeNull()
    expect(boxAt(boxes, { x: 96, y: 120 }, 5)?.name).toBe('surname')
    expect(boxesIn(boxes, { x: 0, y: 0, width: 140, height: 220 }).map((box) => box.name)).toEqual(['surname', 'first'])
    expect(handleAt(boxes[0]!, { x: 302, y: 149 }, 6)).toBe('se')
    expect(handleAt(boxes[0]!, { x: 200, y: 97 }, 6)).toBe('n')
    expect(handleAt(boxes[0]!, { x: 200, y: 125 }, 6)).toBeNull()
  })
  it('a handle moves its own sides only, and never through the other side', () => {
    expect(resize(boxes[0]!, 'nw', { x: -10, y: 5 })).toMatchObject({ x: 90, y: 105, width: 210, height: 45 })
    expect(resize(boxes[0]!, 'e', { x: 30, y: 99 })).toMatchObject({ x: 100, y: 100, width: 230, height: 50 })
    expect(resize(boxes[0]!, 'w', { x: 900, y: 0 })).toMatchObject({ x: 292, width: 8 })
  })
})

describe('snapping', () => {
  const guides = guidesOf([{ x: 104, y: 96, width: 300, height: 54 }])
  it('draws a moved box to the nearest edge, its size unchanged', () => {
    const { box, x, y } = snapMove({ x: 101, y: 100, width: 200, height: 51 }, guides, 6)
    expect(box).toMatchObject({ x: 104, y: 99, width: 200, height: 51 })
    expect([x, y]).toEqual([104, 150])
  })
  it('draws each moving edge to its own, and none that is far or stays', () => {
    expect(snapEdges({ x: 101, y: 100, width: 300, height: 48 }, allEdges, guides, 6).box).toEqual({
      x: 104,
      y: 96,
      width: 300,
      height: 54
    })
    const east = { left: false, right: true, top: false, bottom: false }
    expect(snapEdges({ x: 101, y: 100, width: 300, height: 48 }, east, guides, 6).box).toEqual({
      x: 101,
      y: 100,
      width: 303,
      height: 48
    })
    expect(snapMove({ x: 500, y: 700, width: 10, height: 10 }, guides, 6).x).toBeNull()
  })
})

describe('alignment', () => {
  const all = new Set([a, b, c])
  it('follows the box chosen last', () => {
    expect(align(draft, all, b, 'left').boxes.map((box) => box.x)).toEqual([130, 130, 130])
    expect(align(draft, all, a, 'right').boxes.map((box) => box.x)).toEqual([100, 0, 150])
    expect(align(draft, new Set([a, b]), a, 'top').boxes.map((box) => box.y)).toEqual([100, 100, 400])
    expect(align(draft, all, c, 'width').boxes.map((box) => box.width)).toEqual([150, 150, 150])
    expect(align(draft, all, c, 'height').boxes.map((box) => box.height)).toEqual([40, 40, 40])
  })
  it('makes equal gaps between the first and the last', () => {
    const spread = align(draft, all, a, 'down').boxes
    expect(spread.map((box) => box.y)).toEqual([100, 245, 400])
    expect(align(draft, new Set([a, b]), a, 'down')).toBe(draft)
  })
})

describe('a grid', () => {
  const plan: GridPlan = {
    rows: 3,
    columns: 2,
    gapX: 20,
    gapY: 0,
    pattern: '{column}_{row:2}',
    columnNames: ['surname', 'first'],
    by: 'rows',
    kind: 'name'
  }
  const area = { x: 100, y: 200, width: 420, height: 90 }
  it('fills the area, named and in reading order', () => {
    const made = gridBoxes(cellsOf(area, plan), plan)
    expect(made.map((box) => box.name)).toEqual([
      'surname_01',
      'first_01',
      'surname_02',
      'first_02',
      'surname_03',
      'first_03'
    ])
    expect(made[5]).toMatchObject({ x: 320, y: 260, width: 200, height: 30 })
    const down = gridBoxes(cellsOf(area, plan), { ...plan, by: 'columns' })
    expect(down.slice(0, 3).map((box) => box.name)).toEqual(['surname_01', 'surname_02', 'surname_03'])
  })
  it('names by number where no name is given', () => {
    expect(nameOf('{column}_{row}', 0, 2, 5, ['surname'])).toBe('3_1')
    expect(nameOf('field {n:3}', 0, 0, 11, [])).toBe('field 012')
  })
  it('takes the printed cells where they are a full grid', () => {
    const printed = cellsOf({ ...area, x: 103 }, plan).flat()
    const stray = { x: 700, y: 700, width: 50, height: 20 }
    const found = printedGrid({ x: 90, y: 190, width: 450, height: 110 }, [...printed.reverse(), stray])
    expect(found?.map((row) => row.map((box) => box.x))).toEqual([
      [103, 323],
      [103, 323],
      [103, 323]
    ])
    expect(printedGrid(area, printed.slice(1))).toBeNull()
    expect(printedGrid(area, [])).toBeNull()
  })
})

describe('undo', () => {
  it('goes back and forth a step at a time, and typing is one step', () => {
    let steps = history.begin(draft)
    steps = history.record(steps, { ...draft, name: 'A' }, 'name')
    steps = history.record(steps, { ...draft, name: 'AB' }, 'name')
    steps = history.record(steps, add(steps.now, [createBox({ x: 0, y: 0, width: 9, height: 9 }, 'new')]))
    expect(history.isChanged(steps)).toBe(true)
    steps = history.undo(steps)
    expect(steps.now.name).toBe('AB')
    steps = history.undo(steps)
    expect(steps.now).toBe(draft)
    expect(history.isChanged(steps)).toBe(false)
    expect(history.undo(steps)).toBe(steps)
    steps = history.redo(history.redo(steps))
    expect(steps.now.boxes).toHaveLength(4)
    expect(history.redo(steps)).toBe(steps)
  })
  it('forgets what was undone once something else is done, and knows what is saved', () => {
    let steps = history.record(history.begin(1), 2)
    steps = history.record(history.undo(steps), 3)
    expect(history.redo(steps).now).toBe(3)
    expect(history.isChanged(history.markSaved(steps))).toBe(false)
    expect(history.isChanged(history.undo(history.markSaved(steps)))).toBe(true)
  })
  it('ends a step where it is sealed', () => {
    let steps = history.record(history.begin(1), 2, 'nudge')
    steps = history.record(history.seal(steps), 3, 'nudge')
    expect(history.undo(steps).now).toBe(2)
  })
})

describe('what is wrong', () => {
  const codes = (of: Draft, taken: string[] = []) => problemsOf(of, page, taken).map(({ code }) => code)
  it('is nothing with a good template', () => expect(codes(draft)).toEqual([]))
  it('is said of the template and of each field', () => {
    expect(codes({ name: ' ', boxes: [] })).toEqual(['noName', 'noFields'])
    expect(codes(draft, ['Form'])).toEqual(['nameTaken'])
    const wrong = [
      createBox({ x: 0, y: 0, width: 100, height: 50 }, 'twice'),
      createBox({ x: 0, y: 90, width: 100, height: 50 }, 'twice '),
      createBox({ x: 950, y: 0, width: 100, height: 4 }, ' ')
    ]
    expect(codes({ name: 'Form', boxes: wrong })).toEqual([
      'fieldDuplicate',
      'fieldNoName',
      'fieldOutside',
      'fieldSmall'
    ])
  })
})
