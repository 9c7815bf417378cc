import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { FileRead } from '../../src/cli/commands/read'
import type { Metrics } from '../../src/cli/evaluate/metrics'
import { writeBars } from '../fixtures/bars'
import { createCommandLine, installModels, type CommandLine } from '../fixtures/cli'

let line: CommandLine
beforeAll(async () => void (line = await createCommandLine()))
afterAll(() => line.remove())

const inWork = (...names: string[]): string => join(line.folder, ...names)

describe('read', () => {
  it('answers in the order given, names files as given, and goes on after a bad one', async () => {
    const odd = inWork('it\'s "odd"\n🙂 <b>.png')
    await writeBars(inWork('first.png'), 'ABC')
    await writeBars(odd, 'CB')
    writeFileSync(inWork('bad.png'), '')
    const asGiven = join(relative(process.cwd(), line.folder), 'x', '..', 'first.png')
    const files = [odd, inWork('bad.png'), asGiven, inWork('gone.png'), line.folder]
    const ran = await line.run('read', ...files, '--json')
    expect(ran.code).toBe(0)
    const reads = ran.json<FileRead[]>()
    expect(reads.map(({ file }) => file)).toEqual(files)
    expect(reads.map((read) => ('text' in read ? read.text : null))).toEqual(['CB', null, 'ABC', null, null])
    for (const index of [1, 3, 4]) expect(reads[index]).toHaveProperty('error', expect.stringMatching(/\w/))
    const read = reads[2] as Extract<FileRead, { text: string }>
    expect(read.confidence).toBeGreaterThan(0)
    expect(read.characters.map(({ text }) => text)).toEqual(['A', 'B', 'C'])
    for (const { start, end } of read.characters) expect(start).toBeLessThan(end)
  })

  it('takes a file whose name looks like an option after --', async () => {
    const ran = await line.run('read', '--json', '--', inWork('first.png'), '--not-there.png')
    expect(ran.json<FileRead[]>().map(({ file }) => file)).toEqual([inWork('first.png'), '--not-there.png'])
  })

  it('reads with the model that is asked for', async () => {
    const more = installModels(inWork('more'), 'bars-one')
    const ran = await line.run('read', inWork('first.png'), '--models', more, '--model', 'bars-one', '--json')
    expect(ran.code).toBe(0)
    expect(ran.json<FileRead[]>()[0]).toHaveProperty('text')
  })

  it.each([
    ['a model that is not installed', ['--model', 'nobody'], /nobody.*bars/],
    ['a provider that does not exist', ['--provider', 'abacus'], /abacus/]
  ])('fails for %s', async (_what, given, message) => {
    const ran = await line.run('read', inWork('first.png'), ...given, '--json')
    expect(ran.code).toBe(1)
    expect(ran.json<{ error: { message: string } }>().error.message).toMatch(message)
  })

  it('fails for a model whose numbers are none, and says so', async () => {
    const more = installModels(inWork('nan'), 'bars-nan')
    const ran = await line.run('read', inWork('first.png'), '--models', more, '--model', 'bars-nan', '--json')
    expect(ran.code).toBe(1)
    expect(ran.json<{ error: { code: string; message: string } }>().error).toMatchObject({
      code: 'refused',
      message: expect.stringContaining('bars-nan')
    })
  })
})

interface Evaluation extends Metrics {
  skipped: number
  failed: number
  missing: number
}

describe('evaluate', () => {
  /** bars reads each picture exactly, so every edit is a difference between the label and what was drawn. */
  async function makeSet(labels: string | Buffer): Promise<string[]> {
    const drawn = { 'a.png': 'ABC', 'b.png': 'CCB', 'c.png': 'AB', 'd.png': 'BA', 'e.png': 'CAC' }
    for (const [name, text] of Object.entries(drawn)) await writeBars(inWork('set', name), text)
    writeFileSync(inWork('set', 'broken.png'), 'nothing')
    writeFileSync(inWork('labels.csv'), labels)
    return ['evaluate', '--images', inWork('set'), '--labels', inWork('labels.csv')]
  }

  it('compares two models on the same fields, in pairs', async () => {
    const [, ...given] = await makeSet('FILENAME,IDENTITY\na.png,ABC\nb.png,CCB\nc.png,AB\nd.png,BA\ne.png,CAC\n')
    const more = installModels(inWork('two models'), 'bars-one')
    const manifest = JSON.parse(readFileSync(join(more, 'bars-one.json'), 'utf8')) as { charset: string[] }
    writeFileSync(join(more, 'bars-one.json'), JSON.stringify({ ...manifest, charset: manifest.charset.toReversed() }))
    const measured = await line.run('models', 'measure', 'bars', ...given, '--json')
    expect(measured.json<Evaluation & { model: string }>()).toMatchObject({ model: 'bars', exact: 1, cer: 0 })
    const ran = await line.run('models', 'compare', 'bars', 'bars-one', ...given, '--models', more, '--json')
    expect(ran.code).toBe(0)
    type Range = { value: number; low: number; high: number }
    const { a, b, difference } = ran.json<{ a: Evaluation; b: Evaluation; difference: { cer: Range; exact: Range } }>()
    expect(difference.cer.value).toBeCloseTo(b.cer! - a.cer!, 12)
    expect(difference.exact.value).toBeCloseTo(b.exact! - a.exact!, 12)
    expect(difference.cer.low).toBeLessThanOrEqual(difference.cer.value)
    expect(b.cer).toBeGreaterThan(0)
    expect((await line.run('models', 'compare', 'bars', 'bars', ...given)).code).toBe(2)
  })

  it('sums edits over characters, skips rows without text, and takes what fails as empty', async () => {
    const given = await makeSet(
      'FILENAME,IDENTITY\na.png,ABC\nb.png,CAB\nc.png,abx\nd.png,EMPTY\ne.png,\nbroken.png,AB\ngone.png,CCCC\n'
    )
    const out = inWork('readings.csv')
    const ran = await line.run(...given, '--out', out, '--json')
    expect(ran.code).toBe(0)
    const result = ran.json<Evaluation>()
    // ABC 0 of 3; CAB read CCB 1 of 3; abx read AB 3 of 3; broken 2 of 2; gone 4 of 4
    expect(result).toMatchObject({ fields: 5, skipped: 2, failed: 2, missing: 1, characters: 15, edits: 10 })
    expect(result.cer).toBeCloseTo(10 / 15, 12)
    expect(result.exact).toBeCloseTo(1 / 5, 12)
    expect(result.exactCaseInsensitive).toBeCloseTo(1 / 5, 12)
    const rows = readFileSync(out, 'utf8').trim().split('\r\n')
    expect(rows[0]).toBe('file,label,reading,confidence,edits,exact,error')
    expect(rows).toHaveLength(6)
    expect(rows[2]).toMatch(/^b\.png,CAB,CCB,0\.\d+,1,0,$/)
    expect(rows[5]).toMatch(/^gone\.png,CCCC,,,4,0,\S/)
  })

  it('measures only the rows that are asked for, by the column that is asked for', async () => {
    const labels = 'FILENAME,IDENTITY,CHECKED,STATUS\na.png,XXX,ABC,good\nb.png,CCB,CCB,bad\nc.png,XX,AB,good\n'
    const given = await makeSet(labels)
    const chosen = ['--text-column', 'CHECKED', '--where', 'STATUS=good', '--json']
    expect((await line.run(...given, ...chosen)).json()).toMatchObject({ fields: 2, cer: 0, exact: 1 })
    const none = await line.run(...given, '--where', 'STATUS=perfect', '--json')
    expect(none.code).toBe(1)
    expect(none.stderr).toContain('STATUS=perfect')
    const unknown = await line.run(...given, '--where', 'STATE=good')
    expect(unknown.code).toBe(1)
    expect(unknown.stderr).toContain('FILENAME, IDENTITY, CHECKED, STATUS')
  })

  it('reads semicolons, UTF-16 and other column names by itself', async () => {
    const text = '\ufeffbild;wort\r\na.png;"ABC"\r\nb.png;CCB\r\n'
    const given = await makeSet(Buffer.from(text, 'utf16le'))
    expect((await line.run(...given, '--json')).json()).toMatchObject({ fields: 2, cer: 0, textColumn: 'wort' })
  })

  it('never writes over the labels themselves', async () => {
    const given = await makeSet('FILENAME,IDENTITY\na.png,ABC\n')
    const ran = await line.run(...given, '--out', inWork('labels.csv'))
    expect(ran.code).toBe(1)
    expect(readFileSync(inWork('labels.csv'), 'utf8')).toBe('FILENAME,IDENTITY\na.png,ABC\n')
  })

  it('fails where there is no folder or no labels file', async () => {
    const given = ['--labels', inWork('labels.csv')]
    expect((await line.run('evaluate', '--images', inWork('nowhere'), ...given)).code).toBe(1)
    mkdirSync(inWork('set'), { recursive: true })
    const ran = await line.run('evaluate', '--images', inWork('set'), '--labels', inWork('nowhere.csv'))
    expect(ran.code).toBe(1)
    expect(existsSync(inWork('nowhere.csv'))).toBe(false)
  })
})
