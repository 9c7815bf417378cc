import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../src/cli/program'
import { closeStore, openStore } from '../../src/core/store'
import { migrations } from '../../src/core/store/migrations'
import type { Counts, ImportReport } from '../../src/shared/domain'
import type { ReadResult } from '../../src/cli/commands/recognise'
import { writeBars } from '../fixtures/bars'
import { createCommandLine, installModels, type CommandLine } from '../fixtures/cli'

interface Failed {
  error: { code: string; message: string }
}
interface Status {
  counts: Counts
  currentModel: string
  sources: { ok: number; failed: number; missing: number }
  problems: { file: string; reason: string }[]
}

let line: CommandLine
beforeAll(async () => void (line = await createCommandLine()))
afterAll(() => line.remove())

const inWork = (...names: string[]): string => join(line.folder, ...names)

/** Three good images, one that is none, and labels for two of them. */
async function makeScans(name: string): Promise<string> {
  const folder = inWork(name)
  await writeBars(join(folder, 'one.png'), 'ABC')
  await writeBars(join(folder, 'two.png'), 'CAB')
  await writeBars(join(folder, 'deep', 'three.png'), 'BB')
  writeFileSync(join(folder, 'broken.png'), 'no image at all')
  writeFileSync(join(folder, 'labels.csv'), 'FILENAME,IDENTITY\none.png,ABC\ntwo.png,CCC\n')
  return folder
}

describe('a project from import to export', () => {
  it('goes all the way, and names what failed without failing', async () => {
    const scans = await makeScans("scans 'of' 🙂\nnames")
    const project = inWork('project')
    const imported = await line.run('import', project, scans, '--labels', join(scans, 'labels.csv'), '--json')
    expect(imported.code).toBe(0)
    const report = imported.json<ImportReport>()
    expect(report).toMatchObject({ files: 4, added: 4, labels: { rows: 2, matched: 2 } })
    expect(report.failed.map(({ file }) => file)).toEqual(['broken.png'])
    expect(imported.stderr).toContain('broken.png')

    const recognised = await line.run('recognise', project, '--provider', 'cpu', '--json')
    expect(recognised.code).toBe(0)
    expect(recognised.json()).toMatchObject({ model: 'bars', provider: 'cpu', read: 3, failed: 0 })

    const status = (await line.run('status', project, '--json')).json<Status>()
    expect(status.counts).toMatchObject({ total: 4, read: 3, failed: 1, differs: 1, undecided: 3 })
    expect(status.sources).toEqual({ ok: 3, failed: 1, missing: 0 })
    expect(status.problems.map(({ file }) => file)).toEqual(['broken.png'])

    const out = inWork('labels out.csv')
    const exported = await line.run('export', project, '--out', out, '--format', 'full', '--rows', 'all', '--json')
    expect(exported.json()).toMatchObject({ files: [out] })
    const [header, ...rows] = readFileSync(out, 'utf8').trim().split(/\r?\n/)
    expect(header).toBe(
      'file,page,field,imported,reading,confidence,text,origin,status,reviewer,decided_at,model,x0,y0,x1,y1,x2,y2,x3,y3,registration,blank'
    )
    const two = rows.find((row) => row.startsWith('two.png,'))!.split(',')
    expect([two[3], two[4], two[6], two[7]]).toEqual(['CCC', 'CAB', 'CCC', 'imported'])
  })

  it('reads while it imports with --recognise, and again nothing is left to do', async () => {
    const scans = await makeScans('together')
    const project = inWork('together-project')
    const first = await line.run('import', project, scans, '--recognise', '--json')
    expect(first.json()).toMatchObject({ recognised: { read: 3, failed: 0 } })
    const again = await line.run('import', project, scans, '--recognise', '--json')
    expect(again.json()).toMatchObject({ added: 0, recognised: { read: 0, skipped: 3 } })
  })

  it('says which labels file it did not use', async () => {
    const scans = await makeScans('unlabelled')
    const { stderr } = await line.run('import', inWork('unlabelled-project'), scans)
    expect(stderr).toContain(`${join(scans, 'labels.csv')}. Give it with --labels`)
  })
})

describe('import refuses', () => {
  it('a folder that is not empty and no project, and touches nothing in it', async () => {
    const scans = await makeScans('precious')
    const { code, stdout } = await line.run('import', scans, scans, '--json')
    expect(code).toBe(1)
    expect((JSON.parse(stdout) as Failed).error.code).toBe('refused')
    expect(existsSync(join(scans, 'nomina.db'))).toBe(false)
  })

  it.each([
    ['a folder without images', ['nothing'], /No images in .*nothing/],
    ['a path that does not exist', ['not there'], /not there/]
  ])('%s, and makes no project', async (_what, names, message) => {
    mkdirSync(inWork('nothing'), { recursive: true })
    const project = inWork('never made')
    const ran = await line.run('import', project, ...names.map((name) => inWork(name)), '--json')
    expect(ran.code).toBe(1)
    expect(ran.json<Failed>().error.message).toMatch(message)
    expect(existsSync(project)).toBe(false)
  })

  it('images of unsupported kinds alone, and names them', async () => {
    mkdirSync(inWork('bitmaps'))
    writeFileSync(inWork('bitmaps', 'old.bmp'), 'BM____________________________________________')
    const ran = await line.run('import', inWork('never made'), inWork('bitmaps'), '--json')
    expect(ran.code).toBe(1)
    expect(ran.json<Failed>().error.message).toContain('old.bmp')
  })

  it('a labels column that does not exist, and names those that do', async () => {
    const scans = await makeScans('columns')
    const labels = ['--labels', join(scans, 'labels.csv'), '--labels-text-column', 'NAME']
    const ran = await line.run('import', inWork('never made'), scans, ...labels, '--json')
    expect(ran.code).toBe(1)
    expect(ran.json<Failed>().error.message).toContain('FILENAME, IDENTITY')
  })

  it('a table of labels that names none of the files, before anything is made', async () => {
    const scans = await makeScans('others')
    writeFileSync(join(scans, 'labels.csv'), 'FILENAME,IDENTITY\nelse.png,ABC\nmore.png,CCC\n')
    const project = inWork('never made either')
    const ran = await line.run('import', project, scans, '--labels', join(scans, 'labels.csv'), '--json')
    expect(ran.code).toBe(1)
    expect(ran.json<Failed>().error.message).toMatch(/none of its 2 rows .* column FILENAME \(else\.png\)/)
    expect(existsSync(project)).toBe(false)
  })
})

describe('export', () => {
  it('says that there is no page where pages are asked for', async () => {
    const ran = await line.run('export', inWork('together-project'), '--format', 'page', '--out', inWork('no pages'))
    expect(ran.stderr).toContain('There is no page of a form in this project')
    expect(ran.stdout).toContain('0 pages written')
  })

  it('overwrites nothing without --force', async () => {
    const project = inWork('together-project')
    const out = inWork('kept.csv')
    writeFileSync(out, 'precious')
    const refused = await line.run('export', project, '--out', out, '--rows', 'all', '--json')
    expect(refused.code).toBe(1)
    expect(refused.json<Failed>().error.code).toBe('exists')
    expect(readFileSync(out, 'utf8')).toBe('precious')
    expect((await line.run('export', project, '--out', out, '--rows', 'all', '--force')).code).toBe(0)
    expect(readFileSync(out, 'utf8')).toMatch(/^FILENAME,IDENTITY\r?\n/)
  })
})

describe('relink', () => {
  it('leads a project to where its images are now', async () => {
    const scans = await makeScans('before')
    const project = inWork('moving-project')
    await line.run('import', project, scans)
    renameSync(scans, inWork('after'))
    const relinked = await line.run('relink', project, scans, inWork('after'), '--json')
    expect(relinked.code).toBe(0)
    expect(relinked.json()).toMatchObject({ relinked: 4, left: 0 })
    expect((await line.run('recognise', project, '--json')).json()).toMatchObject({ read: 3, failed: 0 })
  })

  it('fails where the project knows nothing of the old folder', async () => {
    const { code, stderr } = await line.run('relink', inWork('moving-project'), inWork('never'), inWork('after'))
    expect(code).toBe(1)
    expect(stderr).toContain(inWork('never'))
  })
})

describe('models', () => {
  it('of a folder given with --models are added, and win on equal ids', async () => {
    const more = installModels(inWork('more models'), 'bars-one')
    const stronger = installModels(inWork('stronger'), 'bars')
    const listed = (await line.run('models', '--models', more, '--models', stronger, '--json')).json<{
      models: { id: string; folder: string }[]
    }>()
    expect(listed.models.map(({ id, folder }) => [id, folder]).sort()).toEqual([
      ['bars', stronger],
      ['bars-one', more]
    ])
  })

  it('that are broken are refused with the reason, and the others still listed', async () => {
    const broken = installModels(inWork('broken models'), 'bars-one')
    writeFileSync(join(broken, 'bars-one.onnx'), 'no model')
    const ran = await line.run('models', '--models', broken, '--json')
    expect(ran.code).toBe(0)
    const { models, refused } = ran.json<{ models: { id: string }[]; refused: { path: string; reason: string }[] }>()
    expect(models.map(({ id }) => id)).toEqual(['bars'])
    expect(refused).toHaveLength(1)
    expect(refused[0]!.path).toContain('bars-one')
  })

  it('are not looked for in a folder that is not there', async () => {
    const ran = await line.run('models', '--models', inWork('no models'), '--json')
    expect(ran.code).toBe(1)
    expect(ran.json<Failed>().error.message).toContain(inWork('no models'))
  })

  it('from elsewhere are added with their files, once, and never over another one', async () => {
    const own = await createCommandLine()
    try {
      const from = installModels(inWork('from a colleague'), 'bars-one')
      const manifest = join(from, 'bars-one.json')
      const added = await own.run('models', 'add', manifest, '--json')
      expect(added.code).toBe(0)
      const path = join(own.settings.dataDir, 'models', 'bars-one.json')
      expect(added.json<{ id: string; path: string }>()).toMatchObject({ id: 'bars-one', path })
      expect((await own.run('models', 'add', manifest, '--json')).code).toBe(0)
      const listed = (await own.run('models', '--json')).json<{ models: { id: string }[] }>()
      expect(listed.models.map(({ id }) => id)).toContain('bars-one')

      const another = JSON.parse(readFileSync(manifest, 'utf8')) as { charset: string[] }
      writeFileSync(manifest, JSON.stringify({ ...another, charset: another.charset.toReversed() }))
      const refused = await own.run('models', 'add', manifest, '--json')
      expect(refused.json<Failed>().error).toMatchObject({
        code: 'exists',
        message: expect.stringContaining('bars-one')
      })
      writeFileSync(join(from, 'bars-one.onnx'), 'no model')
      expect((await own.run('models', 'add', manifest)).code).toBe(1)
      expect((await own.run('models', 'add', inWork('no such model.json'))).code).toBe(1)
    } finally {
      await own.remove()
    }
  })

  it('that are not installed are named as such', async () => {
    const ran = await line.run('recognise', inWork('moving-project'), '--model', 'nobody', '--json')
    expect(ran.code).toBe(1)
    expect(ran.json<Failed>().error.message).toMatch(/nobody.*bars/)
  })
})

describe('a project that is none', () => {
  it.each(['status', 'recognise'])('makes %s fail with a message', async (command) => {
    const ran = await line.run(command, inWork('no project'), '--json')
    expect(ran.code).toBe(1)
    expect(ran.json<Failed>().error.code).toBe('not-found')
    expect(existsSync(inWork('no project'))).toBe(false)
  })

  it('and a foreign database is left alone', async () => {
    mkdirSync(inWork('foreign'))
    writeFileSync(inWork('foreign', 'nomina.db'), 'not a database')
    const ran = await line.run('status', inWork('foreign'), '--json')
    expect(ran.code).toBe(1)
    expect(readFileSync(inWork('foreign', 'nomina.db'), 'utf8')).toBe('not a database')
  })
})

describe('a stopped command', () => {
  it('exits with 130, and what was done stays', async () => {
    const scans = await makeScans('stopped')
    const project = inWork('stopped-project')
    const ran = await line.runUntil(AbortSignal.abort(), 'import', project, scans, '--json')
    expect(ran.code).toBe(130)
    expect(ran.json<Failed>().error.code).toBe('cancelled')
    expect((await line.run('import', project, scans, '--json')).json()).toMatchObject({ files: 4, added: 4 })
  })
})

describe('doctor', () => {
  it('finds the machine, the engine, the store and the models', async () => {
    const ran = await line.run('doctor', '--json')
    const { checks, models, providers } = ran.json<{
      checks: { name: string; status: string }[]
      models: unknown[]
      providers: { name: string; status: string; reason: string }[]
    }>()
    const statusOf = (name: string): string | undefined => checks.find((check) => check.name === name)?.status
    expect(['Node', 'engine', 'store', 'models'].map(statusOf)).toEqual(['ok', 'ok', 'ok', 'ok'])
    expect(models).toHaveLength(1)
    expect(providers.find(({ name }) => name === 'cpu')).toMatchObject({ status: 'chosen' })
    expect(ran.code).toBe(0)
  })

  it('runs every model, and names those that turn out to be broken', async () => {
    const more = installModels(inWork('sick models'), 'bars-nan')
    const ran = await line.run('doctor', '--models', more, '--json')
    const { checks } = ran.json<{ checks: { name: string; status: string; found: string }[] }>()
    expect(checks.filter(({ name }) => name === 'refused model')).toMatchObject([
      { status: 'note', found: expect.stringContaining('bars-nan') }
    ])
    expect(ran.code).toBe(0)
  })

  it('fails where something essential is missing, still with one value', async () => {
    const without = await createCommandLine()
    rmSync(without.settings.shippedModels, { recursive: true })
    const ran = await without.run('doctor', '--json')
    expect(ran.code).toBe(1)
    expect(ran.json()).toMatchObject({ ok: false, models: [] })
    without.remove()
  })
})

it('says of scans that are out of reach that they are, and reads them once they are back', async () => {
  const scans = await makeScans('unplugged')
  rmSync(join(scans, 'broken.png'))
  const project = inWork('unplugged-project')
  await line.run('import', project, scans)
  renameSync(scans, `${scans}-away`)
  const away = (await line.run('recognise', project, '--provider', 'cpu', '--json')).json<ReadResult>()
  expect(away.failures.map(({ reason }) => reason)).toEqual(
    Array(3).fill('The file is not there any more. If it was moved, relink its folder.')
  )
  renameSync(`${scans}-away`, scans)
  expect((await line.run('recognise', project, '--provider', 'cpu', '--json')).json()).toMatchObject({
    read: 3,
    failed: 0
  })
})

it('reads at once what it imports, and nothing else', async () => {
  const gif = inWork('a.gif')
  await sharp({ create: { width: 20, height: 10, channels: 3, background: 'white' } })
    .gif()
    .toFile(gif)
  expect((await line.run('read', gif)).stdout).toContain('GIF files are not supported')
  expect((await line.run('import', inWork('gif-project'), gif)).stderr).toContain('GIF files are not supported')
})

it('says how it read a table of labels, and names the option where it can be read in two ways', async () => {
  const scans = inWork('told')
  await writeBars(join(scans, 'one.png'), 'ABC')
  const csv = join(scans, 'labels.csv')
  writeFileSync(csv, 'FILENAME;NOM;PRENOM\none.png;ABC;\n')
  const clear = await line.run('import', inWork('told-project'), scans, '--labels', csv)
  expect(clear.stderr).toContain('read as utf-8, columns by semicolon; file names from "FILENAME", labels from "NOM"')
  expect(clear.stderr).toContain('  one.png → ABC')
  writeFileSync(csv, 'FILENAME;NOM;PRENOM\none.png;ABC;CAB\n')
  const doubtful = ['import', inWork('doubt-project'), scans, '--labels', csv]
  const asked = await line.run(...doubtful)
  expect([asked.code, existsSync(inWork('doubt-project'))]).toEqual([1, false])
  expect(asked.stderr).toMatch(/NOM \(ABC\), PRENOM \(CAB\).*--labels-text-column/)
  expect((await line.run(...doubtful, '--labels-text-column', 'PRENOM')).code).toBe(0)
})

describe('a project of an earlier Nomina', () => {
  it('is brought up to date with a bar on standard error, and the next command says nothing', async () => {
    const older = inWork('older')
    closeStore(openStore(older, { create: true, migrations: migrations.slice(0, -1) }))
    const status = async (): Promise<string> => {
      let said = ''
      const stderr = { write: (text: string) => void (said += text), isTTY: true, columns: 80 }
      const terminal = { stdout: { write: () => undefined }, stderr }
      const { signal } = new AbortController()
      expect(await runCommandLine(['status', older], { settings: line.settings, terminal, signal })).toBe(0)
      return said
    }
    const said = await status()
    expect(said).toMatch(/older is of an earlier Nomina/)
    expect(said).toMatch(/Bringing the project up to date [█░]+ \d of 3/)
    expect(await status()).toBe('')
  })
})
