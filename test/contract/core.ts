import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { createCore, type Core } from '../../src/core'
import { readSettings } from '../../src/core/app/installation'

export const settings = readSettings()

/** A core without models, so that no engine is started: what it reads is not this suite's matter. */
export function createTestCore(dataDir: string, shell: 'electron' | 'browser'): Promise<Core> {
  return createCore({
    dataDir,
    modelsDirs: [],
    samplesDir: settings.samplesDir,
    enginePath: settings.enginePath,
    pagesPath: settings.pagesPath,
    shell,
    version: '0.0.0-test',
    reviewer: 'Ada'
  })
}

/** A page folder as the build makes it. */
export async function writePage(folder: string): Promise<void> {
  await mkdir(join(folder, 'assets'), { recursive: true })
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Nomina</title>')
  await writeFile(join(folder, 'assets', 'index-1a2b.js'), 'export {}')
  await writeFile(join(folder, '..', 'secret.txt'), 'not for the page')
}

/** Three name fields of different grey, and labels for two of them. */
export async function writeImages(folder: string): Promise<{ labels: string }> {
  await mkdir(folder, { recursive: true })
  for (const [index, grey] of [60, 120, 180].entries()) {
    const create = { width: 120 + index, height: 30, channels: 3 as const, background: { r: grey, g: grey, b: grey } }
    await sharp({ create })
      .png()
      .toFile(join(folder, `name ${index + 1}.png`))
  }
  await writeFile(join(folder, 'broken.png'), 'no image at all')
  const labels = join(folder, 'labels.csv')
  await writeFile(labels, 'FILENAME,IDENTITY\nname 1.png,ADA LOVELACE\nname 2.png,EMPTY\n')
  return { labels }
}
