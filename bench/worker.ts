/** `nomina worker`, fed by a pipe, against `nomina recognise` on the same images, in turns: whole processes, from start to end. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { median, type Result } from './report'
import { fillFolder, findImages, type Setting } from './setting'

interface Turn {
  read: number
  seconds: number
  /** Of the process and all that it started; NaN where the system does not say. */
  processorSeconds: number
}

export async function measureWorker(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const { images, rounds } = setting.options
  const { files, note } = findImages(setting)
  const some = files.slice(0, images)
  const folder = fillFolder(join(setting.scratch, 'worker-images'), some, some.length)
  const turns = { recognise: [] as Turn[], worker: [] as Turn[] }
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    const project = join(setting.scratch, `worker-${round}`)
    await nomina(setting, ['import', project, folder, '--json'])
    turns.recognise.push(await timed(() => recognise(setting, project)))
    turns.worker.push(await timed(() => work(setting, some)))
  }
  const rate = ({ read, seconds }: Turn): number => read / seconds
  const each = ({ read, processorSeconds }: Turn): number => (processorSeconds / read) * 1000
  const ratios = (measure: (turn: Turn) => number): number[] =>
    turns.worker.map((turn, round) => measure(turn) / measure(turns.recognise[round]!))
  return {
    notes: [
      `${some.length} images, ${turns.worker.length} rounds in turns, with the start of each process.`,
      ...(note ? [note] : [])
    ],
    results: [
      { name: 'nomina recognise', value: median(turns.recognise.map(rate)), unit: 'fields/s' },
      { name: 'nomina worker', value: median(turns.worker.map(rate)), unit: 'fields/s' },
      { name: 'worker ÷ recognise, rate', value: median(ratios(rate)), unit: '×', target: { atLeast: 0.95 } },
      { name: 'nomina recognise, processor time', value: median(turns.recognise.map(each)), unit: 'ms/field' },
      { name: 'nomina worker, processor time', value: median(turns.worker.map(each)), unit: 'ms/field' },
      { name: 'worker ÷ recognise, processor time', value: median(ratios(each)), unit: '×', target: { atMost: 1.05 } }
    ].filter(({ value }) => !Number.isNaN(value))
  }
}

export async function recognise(setting: Setting, project: string): Promise<number> {
  const said = await nomina(setting, ['recognise', project, '--json'])
  return (JSON.parse(said) as { read: number }).read
}

async function work(setting: Setting, files: string[]): Promise<number> {
  function* requests(): Generator<string> {
    for (const [id, path] of files.entries()) yield `${JSON.stringify({ id: String(id), path })}\n`
  }
  const said = await nomina(setting, ['worker'], Readable.from(requests()))
  return said.split('\n').filter((line) => line.includes('"fields"')).length
}

/** @returns its standard output. @throws where it fails */
export async function nomina(
  { settings, scratch }: Setting,
  given: string[],
  input = Readable.from([])
): Promise<string> {
  const child = spawn(process.execPath, [join(settings.installation, 'out', 'main', 'cli.js'), ...given], {
    env: { ...process.env, NOMINA_HOME: join(scratch, 'worker-home') },
    stdio: ['pipe', 'pipe', 'inherit']
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const fed = pipeline(input, child.stdin)
  const lines: string[] = []
  for await (const line of createInterface({ input: child.stdout })) lines.push(line)
  const [code] = await Promise.all([ended, fed])
  if (code !== 0) throw new Error(`nomina ${given[0]} ended with code ${code}.`)
  return lines.join('\n')
}

async function timed(work: () => Promise<number>): Promise<Turn> {
  const processorAt = childrenSeconds()
  const startedAt = performance.now()
  const read = await work()
  const seconds = (performance.now() - startedAt) / 1000
  return { read, seconds, processorSeconds: childrenSeconds() - processorAt }
}

/** Processor time of children that have ended, and of theirs: from Linux, in its ticks of 10 ms. */
function childrenSeconds(): number {
  if (process.platform !== 'linux') return NaN
  // The fields after the process's name in brackets: cutime and cstime are the 14th and 15th.
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
  const [userTicks, systemTicks] = fields.slice(13, 15)
  return (Number(userTicks) + Number(systemTicks)) / 100
}
