import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modelsFolder, writeBars } from '../fixtures/bars'
import { createCommandLine, installModels, type CommandLine } from '../fixtures/cli'

let line: CommandLine
const inWork = (...parts: string[]): string => join(line.folder, ...parts)
beforeAll(async () => {
  line = await createCommandLine()
})
afterAll(() => line.remove())

interface Manifest {
  input: Record<string, unknown>
  output: Record<string, unknown>
  [key: string]: unknown
}
type Change = (manifest: Manifest, onnx: Buffer) => unknown

/** Writes the model `bars` under another id, changed; the hash fits what is written. */
function writeModel(folder: string, id: string, change: Change): void {
  mkdirSync(folder, { recursive: true })
  const manifest = JSON.parse(readFileSync(join(modelsFolder, 'bars.json'), 'utf8')) as Manifest
  const onnx = readFileSync(join(modelsFolder, 'bars.onnx'))
  Object.assign(manifest, { id, file: `${id}.onnx` })
  const changed = change(manifest, onnx)
  const written = Buffer.isBuffer(changed) ? changed : onnx
  manifest.sha256 = createHash('sha256').update(written).digest('hex')
  writeFileSync(join(folder, `${id}.onnx`), written)
  writeFileSync(join(folder, `${id}.json`), JSON.stringify(manifest))
}

const other = (name: string): Buffer => readFileSync(join(modelsFolder, `${name}.onnx`))

/** What is changed, and what the reason must say of it. */
const broken: Record<string, [Change, RegExp]> = {
  'a damaged file': [
    (_manifest, onnx) => Buffer.from(onnx).fill(0x55, onnx.length / 2, onnx.length / 2 + 60),
    /file "/
  ],
  'NaN for numbers': [() => other('bars-nan'), /"logits" is NaN/],
  'an output of four dimensions': [() => other('bars-rank-four'), /"logits" has the shape \[.*three dimensions/],
  'more classes than characters': [() => other('bars-five-classes'), /5 classes.*charset/],
  'a character that is missing': [(manifest) => (manifest.charset = ['A', 'B']), /charset entries are missing/],
  'an input of another name': [(manifest) => (manifest.input.name = 'picture'), /no input "picture".*"image"/],
  'an output of another name': [(manifest) => (manifest.output.name = 'text'), /no output "text".*"logits"/],
  'another height': [(manifest) => (manifest.input.height = 17), /image.*Got: 17 Expected: 8/]
}

describe('a model that only fails when it is run', () => {
  it('is listed as refused, with what and where, beside the others that work', async () => {
    const folder = inWork('given')
    const ids = Object.keys(broken).map((_what, index) => `broken-${index}`)
    Object.values(broken).forEach(([change], index) => writeModel(folder, ids[index]!, change))
    writeModel(folder, 'whole', () => {})
    const ran = await line.run('models', '--models', folder, '--json')
    expect(ran.code).toBe(0)
    const { models, refused } = ran.json<{ models: { id: string }[]; refused: { path: string; reason: string }[] }>()
    expect(models.map(({ id }) => id)).toEqual(['bars', 'whole'])
    expect(refused.map(({ path }) => path)).toEqual(ids.map((id) => join(folder, `${id}.json`)))
    Object.values(broken).forEach(([, reason], index) => expect(refused[index]!.reason).toMatch(reason))
  })

  it('is never made the project’s own: its readings stay, and the others go on', async () => {
    const scans = inWork('scans')
    mkdirSync(scans)
    await writeBars(join(scans, 'one.png'), 'ABC')
    const project = inWork('project')
    expect((await line.run('import', project, scans, '--recognise', '--json')).code).toBe(0)
    // As a user does it: into the models folder of their own.
    const own = join(line.settings.dataDir, 'models')
    installModels(own, 'bars-nan')
    try {
      const ran = await line.run('recognise', project, '--model', 'bars-nan', '--json')
      expect(ran.code).toBe(1)
      expect(ran.json<{ error: unknown }>().error).toMatchObject({
        code: 'refused',
        message: expect.stringMatching(/bars-nan\.json.*NaN/)
      })
      const status = (await line.run('status', project, '--json')).json()
      expect(status).toMatchObject({ currentModel: 'bars', counts: { read: 1 } })
      expect((await line.run('recognise', project, '--json')).json()).toMatchObject({ model: 'bars', skipped: 1 })
    } finally {
      rmSync(own, { recursive: true })
    }
  })
})

describe('a project whose model is no longer installed', () => {
  it('goes on with the copy that it keeps; without that it says so, keeps what it read, and goes on with the model that is chosen', async () => {
    const scans = inWork('scans of later')
    mkdirSync(scans)
    await writeBars(join(scans, 'one.png'), 'ABC')
    const project = inWork('later')
    const own = join(line.settings.dataDir, 'models')
    writeModel(own, 'gone', (manifest) => (manifest.input.std = 0.99))
    await line.run('import', project, scans, '--json')
    expect((await line.run('recognise', project, '--model', 'gone', '--json')).json()).toMatchObject({ read: 1 })
    rmSync(own, { recursive: true })
    expect((await line.run('recognise', project, '--json')).json()).toMatchObject({ model: 'gone', skipped: 1 })
    rmSync(join(project, 'models'), { recursive: true })
    await writeBars(join(scans, 'two.png'), 'CAB')
    await line.run('import', project, scans, '--json')
    const ran = await line.run('recognise', project, '--json')
    expect(ran.code).toBe(1)
    expect(ran.json<{ error: unknown }>().error).toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/not installed any more.*choose a reader: bars\./)
    })
    expect((await line.run('status', project, '--json')).json()).toMatchObject({ counts: { total: 2, read: 1 } })
    const chosen = await line.run('recognise', project, '--model', 'bars', '--json')
    expect(chosen.json()).toMatchObject({ model: 'bars', read: 2 })
  })
})
