/** Memory of the command line and its engine process while it imports and reads: peak, and whether it grows with the fields. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { median, type Result } from './report'
import { fillFolder, findImages, type Setting } from './setting'

const SAMPLE_MS = 250
const MEGABYTE = 1e6

export async function measureMemory(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  if (!existsSync('/proc/self/status')) return { notes: ['Not measured: this system has no /proc.'], results: [] }
  const { fields } = setting.options
  const { files, note } = findImages(setting)
  const third = await measureRun(setting, files, Math.ceil(fields / 3), 'memory-third')
  const all = await measureRun(setting, files, fields, 'memory-all')
  const size = Math.floor(all.length / 3)
  const early = median(all.slice(size, 2 * size)) // the first third holds the start of both processes
  const late = median(all.slice(-size))
  return {
    notes: [
      `nomina import --recognise of ${fields} images: resident memory of both processes, ${all.length} samples.`,
      ...(note ? [note] : [])
    ],
    results: [
      { name: 'peak', value: Math.max(...all), unit: 'MB', target: { atMost: 1000 } },
      { name: `peak with a third of the fields`, value: Math.max(...third), unit: 'MB' },
      { name: 'peak ÷ peak with a third', value: Math.max(...all) / Math.max(...third), unit: '×' },
      { name: 'middle third', value: early, unit: 'MB' },
      { name: 'last third', value: late, unit: 'MB' },
      { name: 'last ÷ middle third', value: late / early, unit: '×' }
    ]
  }
}

/** Resident memory in MB, a sample each quarter of a second. */
async function measureRun(
  { settings, scratch }: Setting,
  files: string[],
  fields: number,
  name: string
): Promise<number[]> {
  const folder = fillFolder(join(scratch, `${name}-images`), files, fields)
  const cli = join(settings.installation, 'out', 'main', 'cli.js')
  const parameters = [cli, 'import', join(scratch, name), folder, '--recognise', '--json']
  const environment = { ...process.env, NOMINA_HOME: join(scratch, `${name}-home`) }
  const child = spawn(process.execPath, parameters, { env: environment, stdio: ['ignore', 'ignore', 'inherit'] })
  const samples: number[] = []
  const timer = setInterval(() => samples.push(residentBytes(child.pid!) / MEGABYTE), SAMPLE_MS)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  clearInterval(timer)
  if (code !== 0) throw new Error(`nomina import ended with code ${code}.`)
  return samples.filter((sample) => sample > 0)
}

/** Resident bytes of a process and all below it. Shared pages count in each: an upper bound. */
export const residentBytes = (pid: number): number => treeBytes(pid, 'status')

/** As in /proc; of `smaps_rollup` each process has its part of what it shares with others. */
const lines = { status: /^VmRSS:\s+(\d+) kB$/m, smaps_rollup: /^Pss:\s+(\d+) kB$/m }

export function treeBytes(pid: number, file: keyof typeof lines): number {
  try {
    const said = readFileSync(`/proc/${pid}/${file}`, 'utf8')
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
    const own = Number(lines[file].exec(said)?.[1] ?? 0) * 1024
    return own + (children ? children.split(' ').reduce((sum, child) => sum + treeBytes(Number(child), file), 0) : 0)
  } catch {
    return 0 // it ended in between
  }
}
