import { describe, expect, it } from 'vitest'
import {
  carryOver,
  clear,
  move,
  nothingSelected,
  press,
  selectAll,
  targets,
  toggleActive
} from '../../src/renderer/src/views/list/selection'
import { decided } from '../../src/renderer/src/views/list/words'

const ids = [11, 12, 13, 14, 15, 16]
const chosen = (selection: { ids: ReadonlySet<number> }): number[] => [...selection.ids].sort((a, b) => a - b)

describe('the selection of a list', () => {
  it('selects one row by a press, and a range with Shift, counted from where it began', () => {
    const one = press(nothingSelected, ids, 1)
    expect(chosen(one)).toEqual([12])
    const down = press(one, ids, 4, { extend: true })
    expect(chosen(down)).toEqual([12, 13, 14, 15])
    const up = press(down, ids, 0, { extend: true })
    expect(chosen(up)).toEqual([11, 12])
    expect(up.active).toBe(0)
  })

  it('adds and takes away with Ctrl, and adds a range with Ctrl and Shift', () => {
    let selection = press(nothingSelected, ids, 0, { toggle: true })
    selection = press(selection, ids, 3, { toggle: true })
    expect(chosen(selection)).toEqual([11, 14])
    selection = press(selection, ids, 5, { toggle: true, extend: true })
    expect(chosen(selection)).toEqual([11, 14, 15, 16])
    expect(chosen(press(selection, ids, 0, { toggle: true }))).toEqual([14, 15, 16])
  })

  it('moves without losing what is selected, and stays within the list', () => {
    const selection = selectAll(move(nothingSelected, ids, 2), ids)
    expect(move(selection, ids, 99)).toMatchObject({ active: 5, anchor: 5 })
    expect(move(selection, ids, -3).active).toBe(0)
    expect(move(selection, ids, 4).ids.size).toBe(6)
    expect(move(selection, [], 0).active).toBe(-1)
  })

  it('extends by keys and shrinks again on the way back', () => {
    let selection = move(nothingSelected, ids, 2)
    selection = move(selection, ids, 3, true)
    selection = move(selection, ids, 4, true)
    expect(chosen(selection)).toEqual([13, 14, 15])
    selection = move(selection, ids, 1, true)
    expect(chosen(selection)).toEqual([12, 13])
  })

  it('toggles the active row, and ignores a press outside the list', () => {
    const selection = toggleActive(move(nothingSelected, ids, 2), ids)
    expect(chosen(selection)).toEqual([13])
    expect(chosen(toggleActive(selection, ids))).toEqual([])
    expect(press(selection, ids, 42)).toBe(selection)
    expect(toggleActive(nothingSelected, [])).toBe(nothingSelected)
  })

  it('is for the selection in list order, else for the active row', () => {
    const selection = press(press(nothingSelected, ids, 4, { toggle: true }), ids, 1, { toggle: true })
    expect(targets(selection, ids)).toEqual([12, 15])
    expect(targets(clear(selection), ids)).toEqual([12])
    expect(targets(nothingSelected, ids)).toEqual([])
  })

  it('survives another order, loses what is gone, and keeps the active row', () => {
    const before = press(press(nothingSelected, ids, 0, { toggle: true }), ids, 3, { toggle: true })
    const after = carryOver(before, ids, [16, 14, 13])
    expect(chosen(after)).toEqual([14])
    expect(after.active).toBe(1)
    expect(carryOver(before, ids, [12, 13]).active).toBe(1)
    expect(carryOver(before, ids, [])).toBe(nothingSelected)
  })
})

describe('words after a decision on many', () => {
  it('say how many changed, and why not the others', () => {
    expect(decided('accepted', 1, 1)).toBe('1 field accepted.')
    expect(decided('blank', 1200, 1200)).toBe('1,200 fields marked blank.')
    expect(decided('accepted', 12, 10)).toContain('10 of 12 fields accepted; the others')
    expect(decided('illegible', 3, 0)).toContain('Nothing changed')
  })
})
