/** Where the time of a field goes from its file to its text: stage by stage over the same files, on one thread. */
import type { Model } from '../src/reading/models'
import { decode, framesOf, productOf, readLanguageModel, type Frames } from '../src/reading/decode'
import { contentOf } from '../src/reading/images/bytes'
import type { RawPixels } from '../src/reading/images/header'
import { uprightPixels } from '../src/reading/images/pixels'
import { numbersOf, prepare, writeNumbers, type Prepared } from '../src/reading/preprocess'
import { knownProviders } from '../src/reading/engine/providers'
import { openChecked } from '../src/reading/engine/session'
import type { Result } from './report'

const BATCH = 32

/** Milliseconds of processor time a field; what the second network takes is spread over all fields. */
export async function measureStages(model: Model, files: string[]): Promise<Result[]> {
  const spent = new Map<string, number>()
  const timed = async <T>(stage: string, work: () => T | Promise<T>): Promise<T> => {
    const before = process.cpuUsage()
    const result = await work()
    const { user, system } = process.cpuUsage(before)
    spent.set(stage, (spent.get(stage) ?? 0) + (user + system) / 1000)
    return result
  }
  const [first, second] = [await networkOf(model), model.second && (await networkOf(model.second))]
  const languageModel = model.languageModel === null ? null : readLanguageModel(model.languageModel)
  const { below = 0, weight = 0 } = model.manifest.cascade ?? {}
  const whole = async (): Promise<void> => {
    for (let from = 0; from < files.length; from += BATCH) {
      const paths = files.slice(from, from + BATCH)
      const contents = await timed('reading the file', () => Promise.all(paths.map((path) => contentOf(path))))
      const images = await timed('decoding the image', () =>
        Promise.all(paths.map((path, index) => uprightPixels(path, 1, 0, contents[index])))
      )
      const { prepared, frames } = await first(images, timed, 'network')
      const decoded = await timed('decoding the text', () =>
        frames.map((said, index) => decode(said, model.manifest, prepared[index]!.geometry, languageModel))
      )
      const doubted = decoded.flatMap(({ probability }, index) => (second && probability < below ? [index] : []))
      if (!second || doubted.length === 0) continue
      const again = await second(
        doubted.map((index) => images[index]!),
        timed,
        'second network'
      )
      await timed('decoding the text', () =>
        doubted.forEach((index, at) =>
          decode(
            productOf([frames[index]!, again.frames[at]!], [1 - weight, weight]),
            model.second!.manifest,
            again.prepared[at]!.geometry,
            languageModel
          )
        )
      )
    }
  }
  await whole()
  spent.clear()
  await whole()
  return [...spent].map(([stage, milliseconds]) => ({
    name: `${model.manifest.id}, ${stage}`,
    value: milliseconds / files.length,
    unit: 'ms of one core'
  }))
}

type Timed = <T>(stage: string, work: () => T | Promise<T>) => Promise<T>

async function networkOf(
  model: Model
): Promise<(images: RawPixels[], timed: Timed, stage: string) => Promise<{ prepared: Prepared[]; frames: Frames[] }>> {
  const { input, output } = model.manifest
  const session = await openChecked(model, knownProviders().at(-1)!, 1)
  const numbers = numbersOf(input)
  // Inputs of different widths, or of a network that takes one at a time, go by themselves.
  const alone = session.fixedBatch !== null || typeof input.width !== 'number'
  return async (images, timed, stage) => {
    const prepared = await timed('preprocessing', () => images.map((image) => prepare(image, input)))
    const frames: Frames[] = []
    for (const batch of alone ? prepared.map((one) => [one]) : [prepared]) {
      const size = batch[0]!.pixels.length
      const data = new Float32Array(batch.length * size)
      await timed('preprocessing', () =>
        batch.forEach(({ pixels }, index) => writeNumbers(pixels, numbers, data, index * size))
      )
      const said = await timed(stage, () => session.run(data, batch.length, batch[0]!.geometry.inputWidth))
      await timed('decoding the text', () =>
        batch.forEach((_, index) => frames.push(framesOf(said.data, said, index, output)))
      )
    }
    return { prepared, frames }
  }
}
