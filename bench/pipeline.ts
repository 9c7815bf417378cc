/** Import and recognition together against one after the other, in turns, each on a fresh project. */
import { join } from 'node:path'
import type { Core, Project } from '../src/core'
import { startImport } from '../src/core/ingest/job'
import { startRecognition } from '../src/core/recognise/stage'
import { createProject, warmProject } from './project'
import { median, type Result } from './report'
import { fillFolder, findImages, openCore, type Setting } from './setting'

export async function measurePipeline(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const { images, rounds } = setting.options
  const { files, note } = findImages(setting)
  const folder = fillFolder(join(setting.scratch, 'pipeline-images'), files, images)
  const core = await openCore(setting)
  try {
    await warmProject(core, setting) // the engine is warm in every turn
    const turns = {
      ingest: [] as number[],
      recogniser: [] as number[],
      readingAlone: [] as number[],
      together: [] as number[]
    }
    const paths = files.slice(0, images)
    for (let round = 0; round < Math.min(rounds, 3); round++) {
      const apart = await createProject(core, setting)
      turns.ingest.push(
        await timed(() => startImport(apart, { paths: [folder], labels: null, recognise: false }).finished)
      )
      turns.recogniser.push(await timed(() => startRecognition(apart).finished))
      turns.readingAlone.push(await timed(() => readAlone(core, paths)))
      const project = await createProject(core, setting)
      turns.together.push(await timed(() => together(project, folder)))
      refuseUnread(project, images)
    }
    const ratio = (alone: number[]): number =>
      median(turns.together.map((seconds, round) => seconds / (turns.ingest[round]! + alone[round]!)))
    const rate = (seconds: number[]): number => images / median(seconds)
    return {
      notes: [`${images} images, ${turns.ingest.length} rounds in turns.`, ...(note ? [note] : [])],
      results: [
        { name: 'ingest alone', value: rate(turns.ingest), unit: 'images/s' },
        { name: 'recogniser alone, files to text', value: rate(turns.readingAlone), unit: 'images/s' },
        { name: 'recogniser alone, with its store', value: rate(turns.recogniser), unit: 'images/s' },
        { name: 'together', value: rate(turns.together), unit: 'images/s' },
        {
          name: 'together ÷ (ingest + files to text)',
          value: ratio(turns.readingAlone),
          unit: '×',
          target: { atMost: 1.2 }
        },
        {
          name: 'together ÷ (ingest + recogniser with its store)',
          value: ratio(turns.recogniser),
          unit: '×',
          target: { atMost: 1.2 }
        }
      ]
    }
  } finally {
    await core.close()
  }
}

/** Wall time in seconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}

async function readAlone({ app: { engine } }: Core, paths: string[]): Promise<void> {
  const size = 256
  for (let start = 0; start < paths.length; start += size) {
    const chunk = paths.slice(start, start + size)
    await engine.read(chunk.map((path, offset) => ({ key: start + offset, path, page: 1, rotation: 0 })))
  }
}

export async function together(project: Project, folder: string): Promise<void> {
  startImport(project, { paths: [folder], labels: null, recognise: true })
  await Promise.all(project.jobs.all.map((run) => run.finished))
}

function refuseUnread({ db }: Project, expected: number): void {
  const read = db.prepare('SELECT count(*) FROM fields WHERE reading_id IS NOT NULL').pluck().get() as number
  if (read !== expected) throw new Error(`${read} of ${expected} fields were read.`)
}
