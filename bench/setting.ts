/** What the parts share: options, images to work on, a scratch folder, a core. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, extname, join, resolve } from 'node:path'
import { createCore, type Core } from '../src/core'
import { readSettings, type Settings } from '../src/core/app/installation'

export interface Options {
  /** Images of the parts that import and read; `memory` has its own. */
  images: number
  /** Fields of the memory part. */
  fields: number
  /** Fields of the synthetic projects. */
  rows: number
  /** A folder in which made-up projects are kept from run to run; null: they are made anew. */
  made: string | null
  rounds: number
  /** Minutes of the reviewers part, and people in it beside two browsers. */
  minutes: number
  clients: number
  /** Mutated files and hostile requests of the fuzz part. */
  files: number
  /** Of the files, the first that is tried, from 1. */
  first: number
  requests: number
  /** Orders of learn-names, and turns of while-learning. */
  orders: number
  turns: number
  /** Rounds of the faults part, and what their moments follow from. */
  kills: number
  seed: number
  /** Of `faults`: this kind of kill alone. */
  only: string | null
  /** A folder of name images. */
  from: string
  /** The yardstick: the reference recogniser. */
  reference: string
  /** Pages of forms with their truth. */
  forms: string
  learning: {
    /** Manifest of the reader that learns. */
    reader: string
    /** Table FILENAME,TEXT beside a folder `images`, and how the files of the hand begin. */
    lines: string
    begins: string
    /** A Python that has the training package. */
    python: string
  }
}

export interface Setting {
  options: Options
  settings: Settings
  /** An empty folder, removed at the end. */
  scratch: string
}

export function createSetting(options: Options): Setting {
  return { options, settings: readSettings(), scratch: mkdtempSync(join(tmpdir(), 'nomina-bench-')) }
}

export const removeScratch = ({ scratch }: Setting): void => rmSync(scratch, { recursive: true, force: true })

const IMAGE = /\.(jpe?g|png|tiff?|webp)$/i

/** Real images where the folder is there, else the samples; in natural order of their names. */
export function findImages({ options, settings }: Setting): { files: string[]; note: string | null } {
  const real = listImages(options.from)
  if (real.length > 0) return { files: real, note: null }
  const samples = listImages(settings.samplesDir)
  if (samples.length === 0)
    throw new Error(`There are no images in ${options.from} and no samples in ${settings.samplesDir}.`)
  return { files: samples, note: `${options.from} is not there: the ${samples.length} samples are repeated instead.` }
}

const listImages = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => IMAGE.test(name))
        .sort()
        .map((name) => resolve(folder, name))
    : []

/** A folder of `count` copies of images; where there are fewer they are repeated, and then share their bytes. */
export function fillFolder(folder: string, files: string[], count: number): string {
  mkdirSync(folder, { recursive: true })
  for (let index = 0; index < count; index++) {
    const file = files[index % files.length]!
    const stem = basename(file, extname(file))
    const turn = Math.floor(index / files.length)
    copyFileSync(file, join(folder, `${stem}${turn ? `-${turn}` : ''}${extname(file)}`))
  }
  return folder
}

export const dataFolder = ({ scratch }: Setting): string => join(scratch, 'data')

/** @param moreModels folders of models beside the shipped ones; the last wins on equal ids */
export function openCore(setting: Setting, moreModels: string[] = []): Promise<Core> {
  const { settings } = setting
  return createCore({
    dataDir: dataFolder(setting),
    modelsDirs: [settings.shippedModels, ...moreModels],
    samplesDir: settings.samplesDir,
    enginePath: settings.enginePath,
    pagesPath: settings.pagesPath,
    shell: 'browser',
    version: settings.version,
    reviewer: 'bench'
  })
}
