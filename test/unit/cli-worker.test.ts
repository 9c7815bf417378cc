import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../src/cli/program'
import type { WorkerAnswer } from '../../src/reading/worker'
import { writeBars } from '../fixtures/bars'
import { createCommandLine, installModels, type CommandLine } from '../fixtures/cli'

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
})
