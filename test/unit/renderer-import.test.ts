import { describe, expect, it, test } from 'vitest'
import type { Counts, Progress } from '../../src/shared/domain'
import { folderOfAll } from '../../src/renderer/src/lib/format'
import { bars } from '../../src/renderer/src/views/import/histogram'
import {
  chooseColumn,
  encodingChoices,
  matchSummary,
  samplePairs,
  type Inspection
} from '../../src/renderer/src/views/import/labels'
import { cleanPath, crumbs, relativeTo, typeAhead } from '../../src/renderer/src/views/import/files/paths'
import { barParts, importState } from '../../src/renderer/src/views/import/state'
import { noCounts } from '../fixtures/renderer-queue'

const chosen = {
  path: '/f/l.csv',
  encoding: 'utf-8',
  delimiter: ',' as const,
  filenameColumn: 'file',
  textColumn: 'name'
}
const inspection = (change: Partial<Inspection> = {}): Inspection => ({
  chosen,
  columns: ['class', 'name', 'file'],
  rows: 100,
  sample: [['3B', 'OSTREVIN', 'a.jpg'], ['3C']],
  matched: 100,
  ambiguous: 0,
  blank: 0,
  doubts: { encoding: null, column: null },
  problems: [],
  ...change
})

describe('a labels file', () => {
  it('shows the chosen columns in the order that they are understood, ragged rows too', () => {
    expect(samplePairs(inspection(), chosen)).toEqual([
      { file: 'a.jpg', text: 'OSTREVIN' },
      { file: '', text: '' }
    ])
  })

  it('never takes one column for both: the other makes way', () => {
    expect(chooseColumn(chosen, 'filename', 'name')).toMatchObject({ filenameColumn: 'name', textColumn: 'file' })
    expect(chooseColumn(chosen, 'text', 'file')).toMatchObject({ filenameColumn: 'name', textColumn: 'file' })
    expect(chooseColumn(chosen, 'text', 'class')).toMatchObject({ filenameColumn: 'file', textColumn: 'class' })
  })

  it('says how many rows find their file', () => {
    expect(matchSummary(inspection())).toMatchObject({ kind: 'ok', text: expect.stringContaining('All 100') })
    expect(matchSummary(inspection({ matched: 98 })).kind).toBe('ok')
    expect(matchSummary(inspection({ matched: 12 })).kind).toBe('doubt')
    expect(matchSummary(inspection({ matched: 0 })).kind).toBe('bad')
    expect(matchSummary(inspection({ rows: 0, matched: 0 })).kind).toBe('bad')
  })

  it('offers the found encoding as it was found, once', () => {
    expect(encodingChoices('UTF-8').filter((encoding) => encoding.toLowerCase() === 'utf-8')).toEqual(['UTF-8'])
    expect(encodingChoices('koi8-r')[0]).toBe('koi8-r')
  })
})

describe('paths', () => {
  it('are cut into the folders on the way, on both kinds of machines', () => {
    expect(crumbs('/home/ada/scans').map((crumb) => crumb.path)).toEqual(['/', '/home', '/home/ada', '/home/ada/scans'])
    expect(crumbs('C:\\Scans\\2018').map((crumb) => crumb.path)).toEqual(['C:\\', 'C:\\Scans', 'C:\\Scans\\2018'])
    expect(crumbs('/')).toEqual([{ name: '/', path: '/' }])
  })

  it('are taken as they are pasted', () => {
    expect(cleanPath(' "/home/ada/my scans" ')).toBe('/home/ada/my scans')
    expect(cleanPath('file:///home/ada/my%20scans')).toBe('/home/ada/my scans')
    expect(cleanPath('file:///C:/Scans/2018')).toBe('C:\\Scans\\2018')
    expect(cleanPath("it's here")).toBe("it's here")
  })

  it('are shown from the folder above', () => {
    expect(relativeTo('/a/b/labels.csv', ['/a/b/'])).toBe('labels.csv')
    expect(relativeTo('/a/bc/labels.csv', ['/a/b'])).toBe('/a/bc/labels.csv')
  })

  it('are found by their first letters, from where one is and round again', () => {
    const names = ['Archive', 'Forms 2018', 'Forms 2019', 'Scans']
    expect(typeAhead(names, 'f', -1)).toBe(1)
    expect(typeAhead(names, 'f', 1)).toBe(2)
    expect(typeAhead(names, 'f', 2)).toBe(1)
    expect(typeAhead(names, 'forms 2019', 1)).toBe(2)
    expect(typeAhead(names, 'x', 0)).toBe(-1)
  })
})

const counts = (change: Partial<Counts>): Counts => ({ ...noCounts, ...change })
const run = (change: Partial<Progress>): Progress => ({
  runId: 1,
  kind: 'import',
  status: 'running',
  done: 0,
  total: null,
  failed: 0,
  rate: null,
  timeLeft: null,
  message: null,
  ...change
})

describe('the state of an import', () => {
  it('is empty, running, paused, stopped, done or all failed', () => {
    const full = counts({ total: 10, read: 10 })
    expect(importState([], counts({})).phase).toBe('empty')
    expect(importState([run({})], counts({})).phase).toBe('running')
    expect(importState([run({ status: 'paused' })], full).phase).toBe('paused')
    expect(importState([run({ status: 'cancelled' })], full).phase).toBe('stopped')
    expect(importState([run({ status: 'done' })], full).phase).toBe('done')
    expect(importState([], counts({ total: 10, failed: 10 })).phase).toBe('all-failed')
    // Forms of which none could be opened have no field, and yet something was imported.
    expect(importState([], counts({}), 0, 12).phase).toBe('all-failed')
  })

  it('is still running while one of the two runs is paused', () => {
    const runs = [run({ status: 'paused' }), run({ runId: 2, kind: 'recognise' })]
    expect(importState(runs, counts({ total: 5 })).phase).toBe('running')
  })

  it('tells a project that was left unread from one that is done, also after a restart', () => {
    const state = importState([], counts({ total: 10, read: 6, failed: 1 }))
    expect(state).toMatchObject({ phase: 'stopped', unread: 3, stopped: null })
  })

  it('takes the latest run of a kind: an old cancelled one no longer counts', () => {
    const runs = [run({ status: 'cancelled' }), run({ runId: 2, status: 'done' })]
    expect(importState(runs, counts({ total: 3, read: 3 })).phase).toBe('done')
  })

  it('shares the bar between read, waiting and failed, and never beyond its end', () => {
    const some = counts({ total: 100, read: 40, failed: 10 })
    const importing = importState([run({ done: 100, total: 200 })], some)
    expect(barParts(importing, some)).toEqual({ read: 20, waiting: 25, failed: 5 })
    const all = counts({ total: 100, read: 90, failed: 10 })
    expect(barParts(importState([], all), all)).toEqual({ read: 90, waiting: 0, failed: 10 })
    expect(barParts(importState([], counts({})), counts({}))).toEqual({ read: 0, waiting: 0, failed: 0 })
  })
})

describe('the histogram', () => {
  it('has bars of its bins, none of which vanishes', () => {
    const [first, second, last] = bars([1, 0, ...Array.from({ length: 17 }, () => 0), 1000]).filter(
      (_, index) => index === 0 || index === 1 || index === 19
    )
    expect(first).toMatchObject({ kind: 'doubtful', count: 1, height: 0.02 })
    expect(second!.height).toBe(0)
    expect(last).toMatchObject({ kind: 'certain', height: 1 })
  })
})

describe('what was dropped together', () => {
  test.each([
    [['/scans/a'], '/scans/a'],
    [['/scans/a/1.jpg', '/scans/a/2.jpg'], '/scans/a'],
    [['/scans/a/1.jpg', '/scans/ab/2.jpg'], '/scans'],
    [['/scans/a', '/scans/a/b/2.jpg'], '/scans/a'],
    [['/scans/1.jpg', '/other/2.jpg'], '/'],
    [['C:\\scans\\1.jpg', 'C:\\scans\\b\\2.jpg'], 'C:\\scans'],
    [['C:\\1.jpg', 'D:\\2.jpg'], 'C:\\1.jpg']
  ])('%j is in %s', (paths, folder) => {
    expect(folderOfAll(paths)).toBe(folder)
  })
})
