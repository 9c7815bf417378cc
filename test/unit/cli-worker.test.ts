import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../src/cli/program'
import type { Reader } from '../../src/reading'
import { linesOf, runWorker, type WorkerAnswer } from '../../src/reading/worker'
import { barsModel, writeBars } from '../fixtures/bars'
import { createCommandLine, installModels, type CommandLine } from '../fixtures/cli'

const samples = join(import.meta.dirname, '../../resources/samples/forms')

let line: CommandLine
beforeAll(async () => void (line = await createCommandLine()))
afterAll(() => line.remove())

const inWork = (...names: string[]): string => join(line.folder, ...names)

async function work(lines: Iterable<string>, ...given: string[]): Promise<{ code: number; answers: WorkerAnswer[] }> {
  let stdout = ''
  const code = await runCommandLine(['worker', ...given], {
    settings: line.settings,
    terminal: {
      stdin: Readable.from(lines),
      stdout: { write: (text) => void (stdout += text) },
      stderr: { write: () => {} }
    },
    signal: new AbortController().signal
  })
  const answers = stdout.split('\n').filter(Boolean)
  return { code, answers: answers.map((answer) => JSON.parse(answer) as WorkerAnswer) }
}

const byId = (answers: WorkerAnswer[], id: string | null): WorkerAnswer[] => answers.filter((one) => one.id === id)
const textOf = (answer: WorkerAnswer | undefined): string | undefined =>
  answer && 'fields' in answer ? answer.fields[0]?.text : undefined

describe('worker', () => {
  it('answers every request with its reading, its content and where the text stands', async () => {
    await writeBars(inWork('first.png'), 'ABC')
    const bytes = readFileSync(inWork('first.png'))
    const asked = [
      JSON.stringify({ id: '7', path: inWork('first.png') }),
      JSON.stringify({ id: 'in line', bytes: bytes.toString('base64') })
    ]
    const { code, answers } = await work([asked.join('\n'), '\n'])
    expect(code).toBe(0)
    expect(answers.map(({ id }) => id).sort()).toEqual(['7', 'in line'])
    for (const answer of answers) {
      if (!('fields' in answer)) throw new Error(answer.error)
      expect(answer.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
      const [field] = answer.fields
      expect(field).toMatchObject({ page: 1, name: '', text: 'ABC', model: expect.stringMatching(/^[0-9a-f]{64}$/) })
      expect(field!.quad).toHaveLength(4)
      expect(field!.spans.map(({ text }) => text)).toEqual(['A', 'B', 'C'])
    }
  })

  it('answers what it cannot use with the reason, and goes on', async () => {
    await writeBars(inWork('good.png'), 'CB')
    writeFileSync(inWork('bad.png'), 'no image')
    const { code, answers } = await work([
      'no JSON\n',
      '\n',
      '[]\n',
      `${JSON.stringify({ id: 'both', path: 'a', bytes: 'AAAA' })}\n`,
      `${JSON.stringify({ id: 'gone', path: inWork('gone.png') })}\n`,
      `${JSON.stringify({ id: 'bad', path: inWork('bad.png') })}\n`,
      `${JSON.stringify({ id: 'other', path: inWork('good.png'), model: 'nobody' })}\n`,
      `${JSON.stringify({ id: 'form', path: inWork('good.png'), template: inWork('none.json') })}\n`,
      JSON.stringify({ id: 'good', path: inWork('good.png') })
    ])
    expect(code).toBe(0)
    expect(answers).toHaveLength(8)
    expect(byId(answers, null)).toHaveLength(2)
    const errorOf = (id: string): string => (byId(answers, id)[0] as { error: string }).error
    expect(errorOf('both')).toMatch(/either "path" or "bytes"/)
    expect(errorOf('gone')).toMatch(/not there/)
    expect(errorOf('bad')).toMatch(/not an image/)
    expect(errorOf('other')).toMatch(/nobody/)
    expect(errorOf('form')).toMatch(/none\.json/)
    expect(textOf(byId(answers, 'good')[0])).toBe('CB')
  })

  it('reads with the model that a request names, whatever came before', async () => {
    installModels(inWork('more'), 'bars-one')
    const path = inWork('first.png')
    const asked = Array.from({ length: 150 }, (_, at) =>
      JSON.stringify({ id: String(at), path, ...(at % 2 ? { model: 'bars-one' } : {}) })
    )
    const { answers } = await work([asked.join('\n')], '--models', inWork('more'))
    expect(new Set(answers.map(({ id }) => id)).size).toBe(150)
    const hashes = (odd: number): Set<string> =>
      new Set(answers.flatMap((one) => ('fields' in one && Number(one.id) % 2 === odd ? one.fields[0]!.model : [])))
    expect([hashes(0).size, hashes(1).size, new Set([...hashes(0), ...hashes(1)]).size]).toEqual([1, 1, 2])
  })

  it('never reads one request with the model of another', async () => {
    installModels(inWork('broken'), 'bars-nan')
    const path = inWork('first.png')
    const asked = Array.from({ length: 150 }, (_, at) =>
      JSON.stringify({ id: String(at), path, ...(at % 3 === 0 ? { model: 'bars-nan' } : {}) })
    )
    const { answers } = await work([asked.join('\n')], '--models', inWork('broken'))
    const read = answers.filter((answer) => 'fields' in answer).map(({ id }) => Number(id))
    expect(answers).toHaveLength(150)
    expect(read.filter((at) => at % 3 === 0)).toEqual([])
    expect(read).toHaveLength(100)
  })

  it('lays a template on the pages of files and of bytes alike, and leaves nothing behind', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('nomina-worker-'))
    const template = join(samples, 'template.json')
    const path = join(samples, 'pages', 'form-01.jpg')
    const bytes = readFileSync(path)
    const { answers } = await work([
      `${JSON.stringify({ id: 'path', path, template, crops: true })}\n`,
      `${JSON.stringify({ id: 'bytes', bytes: bytes.toString('base64'), template, crops: true })}\n`
    ])
    const [file, memory] = ['path', 'bytes'].map((id) => byId(answers, id)[0]!)
    if (!('fields' in file!)) throw new Error(file!.error)
    expect(file.fields.map(({ name }) => name)).toEqual(namesOf(template))
    expect(file.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
    expect({ ...memory, id: 'path' }).toEqual(file)
    const crop = Buffer.from(file.fields[0]!.crop!, 'base64')
    expect(crop.subarray(1, 4).toString()).toBe('PNG')
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('nomina-worker-'))).toEqual(before)
  })

  it('names a model that cannot be used at once, and answers nothing', async () => {
    const { code, answers } = await work([JSON.stringify({ id: '1', path: 'a' })], '--model', 'nobody')
    expect(code).not.toBe(0)
    expect(answers).toEqual([])
  })
})

const namesOf = (template: string): string[] =>
  (JSON.parse(readFileSync(template, 'utf8')) as { fields: { name: string }[] }).fields.map(({ name }) => name)

describe('the worker’s memory', () => {
  it('takes no more requests while nobody takes the answers', async () => {
    let taken = 0
    async function* endless(): AsyncGenerator<string> {
      for (; taken < 5000; taken++) yield JSON.stringify({ id: String(taken), bytes: 'AAAA' })
    }
    let answered = 0
    const reader = {
      readFields: (_model: unknown, files: unknown[]) =>
        Promise.resolve(files.map((_, key) => ({ key, ok: false, reason: 'none' })))
    } as unknown as Reader
    let letGo = (): void => {}
    const held = new Promise<void>((resolve) => (letGo = resolve))
    const model = await barsModel()
    const finished = runWorker(reader, endless(), () => held.then(() => void answered++), { model, models: [model] })
    let before = -1
    while (before !== taken) {
      before = taken
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(taken).toBeLessThan(64 * 5)
    letGo()
    await finished
    expect(answered).toBe(5000)
  })

  it('takes lines from a stream only as they are asked for, whatever the chunks', async () => {
    let chunks = 0
    const input = Readable.from(
      (function* () {
        for (const chunk of ['é\na', 'b', '\n\nlong ', 'line']) {
          chunks++
          yield chunk === 'b' ? Buffer.from(chunk) : chunk
        }
        for (; chunks < 1000; chunks++) yield '\n'
      })(),
      { highWaterMark: 1 }
    )
    const lines = linesOf(input, new AbortController().signal)
    const some = [await lines.next(), await lines.next(), await lines.next()]
    expect(some.map(({ value }) => value)).toEqual(['é', 'ab', ''])
    expect(chunks).toBeLessThan(10)
    expect((await lines.next()).value).toBe('long line')
  })

  it('splits characters over chunks nowhere, and ends with the signal’s reason', async () => {
    const bytes = Buffer.from('«é»\nü')
    const lines: string[] = []
    const input = Readable.from([...bytes].map((byte) => Buffer.from([byte])))
    for await (const line of linesOf(input, new AbortController().signal)) lines.push(line)
    expect(lines).toEqual(['«é»', 'ü'])
    const abort = new AbortController()
    const waiting = linesOf(new Readable({ read: () => {} }), abort.signal).next()
    abort.abort(new Error('stopped here'))
    await expect(waiting).rejects.toThrow('stopped here')
  })
})
