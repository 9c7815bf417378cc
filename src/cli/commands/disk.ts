import { Option, type Command } from 'commander'
import { resolve } from 'node:path'
import { diskUse, prunable, prune, type DiskUse, type Prunable } from '../../core/project'
import type { Act } from '../act'
import { withCore, type Session } from '../session'
import { table } from '../terminal'

interface Options {
  drop?: Prunable[]
}

export function addDisk(program: Command, act: Act): void {
  program
    .command('disk')
    .summary('say what a project takes on the disk, and drop what it can be without')
    .description(
      'Says what a project takes on the disk; the scans are not in it. Of that it can be without two things. Backups are copies of its ' +
        'database from before newer versions of Nomina changed it: an older Nomina opens them. Lattices are what rosters are read again ' +
        'by: without them a new list changes no reading until the fields are read anew. No decision, label or reading is ever dropped.'
    )
    .argument('<project>', 'folder of the project')
    .addOption(
      new Option(
        '--drop <what...>',
        'what is to go; to make the file of an earlier Nomina smaller takes as much free space again, once'
      ).choices(prunable)
    )
    .action(act(diskCommand))
}

async function diskCommand(session: Session, project: string, { drop = [] }: Options) {
  const value = await withCore(session, {}, async (core) => {
    const opened = await core.open(resolve(project))
    if (drop.length) await prune(opened, drop)
    return { project: opened.path, dropped: drop, ...(await diskUse(opened)) }
  })
  return { value, text: describe(value) }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toLocaleString('en-GB', { maximumFractionDigits: 1 })} MB`

function describe({ database, lattices, backups, crops, learning }: DiskUse): string {
  const all = database + backups + crops + learning
  return table([
    ['database', `${megabytes(database)}, of which lattices ${megabytes(lattices)}`],
    ['backups', megabytes(backups)],
    ['crops', megabytes(crops)],
    ['learning', megabytes(learning)],
    ['all', megabytes(all)]
  ])
}
