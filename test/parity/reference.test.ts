/**
 * A stranger's model with a manifest written for it works like our own: other size, stretched, other charset, blank
 * last, probabilities for output. The model is not in the repository.
 */
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadRegistry } from '../../src/reading/models'
import { createEngine, spawnNodeEngine } from '../../src/reading/engine'
import { engineForTests } from '../fixtures/engine'

const root = resolve(import.meta.dirname, '../../..')
const reference = join(root, 'shared/reference/names-keras-crnn.onnx')
const names = join(root, 'shared/data/names')
const there = existsSync(reference) && existsSync(names)

/** Levenshtein distance of two texts in code points. */
function edits(one: string, other: string): number {
  const to = [...other]
  let row = to.map((_, index) => index + 1)
  ;[...one].forEach((letter, at) => {
    let diagonal = at
    let left = at + 1
    row = row.map((above, index) => {
      left = Math.min(above + 1, left + 1, diagonal + (letter === to[index] ? 0 : 1))
      diagonal = above
      return left
    })
  })
  return row.at(-1) ?? one.length
}

describe.skipIf(!there)(`a model made elsewhere${there ? '' : ' (skipped: ../shared/reference is not there)'}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'nomina-reference-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('reads names as well as its makers say', { timeout: 120_000 }, async () => {
    const file = 'names-keras-crnn.onnx'
    copyFileSync(reference, join(folder, file))
    const manifest = {
      schema: 1,
      id: 'names-keras-crnn',
      title: 'Keras CRNN',
      kind: 'ctc',
      file,
      sha256: createHash('sha256').update(readFileSync(reference)).digest('hex'),
      input: { name: 'image', layout: 'NCHW', height: 64, width: 256, fit: 'stretch', invert: false },
      output: {
        name: 'probabilities',
        layout: 'NTC',
        activation: 'probabilities',
        frames: { stride: 4, offset: 0, rows: 1 }
      },
      charset: [..." '-ABCDEFGHIJKLMNOPQRSTUVWXYZ`"],
      blank: 30
    }
    writeFileSync(join(folder, 'names-keras-crnn.json'), JSON.stringify(manifest))
    const { models, refused } = await loadRegistry([folder])
    expect(refused).toEqual([])
    const engine = createEngine(spawnNodeEngine(await engineForTests()))
    try {
      await engine.load(models[0]!, 'cpu')
      const rows = readFileSync(join(names, 'validation-checked.csv'), 'utf8')
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(','))
        .filter(([, , status]) => status === 'legible')
        .slice(0, 200)
      const items = rows.map(([name], key) => {
        return { key, path: join(names, 'validation', name!), page: 1, rotation: 0 as const }
      })
      const results = await engine.read(items)
      let wrong = 0
      let letters = 0
      results.forEach((result, index) => {
        const label = rows[index]![1]!
        wrong += edits(label, result.ok ? result.text : '')
        letters += [...label].length
        if (!result.ok) return
        for (const { start, end } of result.characters) expect(start < end && end <= result.width).toBe(true)
      })
      // Its makers' 1.74 % on all rows, give or take what 200 rows can
      expect(wrong / letters).toBeLessThan(0.035)
    } finally {
      await engine.stop()
    }
  })
})
