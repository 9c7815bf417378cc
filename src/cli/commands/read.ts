import type { Command } from 'commander'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { EngineResult } from '../../reading/engine'
import type { Character } from '../../shared/domain'
import type { Act } from '../act'
import { readImages } from '../read-images'
import type { Session } from '../session'
import { percent, printable } from '../terminal'

export type FileRead =
  { file: string; text: string; confidence: number; characters: Character[] } | { file: string; error: string }

export function addRead(program: Command, act: Act): void {
  program
    .command('read')
    .summary('read images at once, without a project')
    .description(
      'Reads images at once, without a project. JSON: an array in the order given of {file, text, confidence, characters} ' +
        'or {file, error}; a character has text, confidence, start and end (px of the upright image).'
    )
    .argument('<file...>', 'image files')
    .option('--model <id>', 'the model to read with')
    .option('--provider <name>', 'insist on an execution provider, such as cpu (default: the fastest that works)')
    .action(act(readCommand))
}

async function readCommand(session: Session, files: string[], options: { model?: string; provider?: string }) {
  const paths = files.map((file) => resolve(file))
  const { results } = await readImages(session, paths, options)
  const value = files.map((file, index) => toFileRead(file, results[index]))
  return { value, text: value.map(describe).join('\n') }
}

function toFileRead(file: string, result: EngineResult | undefined): FileRead {
  if (!result) return { file, error: 'It was not read.' }
  if (!result.ok) return { file, error: existsSync(resolve(file)) ? result.reason : 'There is no such file.' }
  const { text, confidence, characters } = result
  return { file, text, confidence, characters }
}

function describe(read: FileRead): string {
  const file = printable(read.file)
  return 'error' in read
    ? `${file}\t(not read: ${printable(read.error)})`
    : `${file}\t${printable(read.text)}\t${percent(read.confidence)}`
}
