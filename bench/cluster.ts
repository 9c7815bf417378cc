/** `nomina-cluster` on two nodes of Ray on this machine against `nomina recognise` on the same images, in turns. */
import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { median, type Result } from './report'
import { fillFolder, findImages, type Setting } from './setting'
import { nomina, recognise } from './worker'

interface Turn {
  read: number
  seconds: number
}

export async function measureCluster(setting: Setting): Promise<{ notes: string[]; results: Result[] }> {
  const { images, rounds } = setting.options
  const { files, note } = findImages(setting)
  const folder = fillFolder(join(setting.scratch, 'cluster-images'), files, Math.min(images, files.length))
  const turns = { recognise: [] as Turn[], cluster: [] as Turn[] }
  for (let round = 0; round < Math.min(rounds, 3); round++) {
    const project = join(setting.scratch, `cluster-${round}`)
    await nomina(setting, ['import', project, folder, '--json'])
    const startedAt = performance.now()
    const read = await recognise(setting, project)
    turns.recognise.push({ read, seconds: (performance.now() - startedAt) / 1000 })
    turns.cluster.push(await readOnRay(setting, folder, join(setting.scratch, `readings-${round}`)))
  }
  const rate = ({ read, seconds }: Turn): number => read / seconds
  const ratios = turns.cluster.map((turn, round) => rate(turn) / rate(turns.recognise[round]!))
  return {
    notes: [
      `${turns.cluster[0]!.read} images, ${turns.cluster.length} rounds in turns, with the start of each process but not of Ray’s two nodes.`,
      ...(note ? [note] : [])
    ],
    results: [
      { name: 'nomina recognise', value: median(turns.recognise.map(rate)), unit: 'fields/s' },
      { name: 'nomina-cluster, two nodes', value: median(turns.cluster.map(rate)), unit: 'fields/s' },
      { name: 'cluster ÷ recognise, rate', value: median(ratios), unit: '×', target: { atLeast: 0.85 } }
    ]
  }
}

async function readOnRay({ settings, options, scratch }: Setting, images: string, out: string): Promise<Turn> {
  const cli = join(settings.installation, 'out', 'main', 'cli.js')
  const script = resolve(settings.installation, 'bench', 'cluster.py')
  const { stdout } = await promisify(execFile)(options.learning.python, [script, images, out, process.execPath, cli], {
    env: { ...process.env, NOMINA_HOME: join(scratch, 'worker-home'), RAY_USAGE_STATS_ENABLED: '0' }
  })
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Turn
}
