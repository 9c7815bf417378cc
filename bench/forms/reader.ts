/** Reads crops in this process with one model, for counting how many are read exactly. */
import { join } from 'node:path'
import { decode, framesOf } from '../../src/reading/decode'
import type { Pixels } from '../../src/reading/pages/register'
import { loadModel } from '../../src/reading/models'
import { numbersOf, prepare, writeNumbers } from '../../src/reading/preprocess'
import { findProvider } from '../../src/reading/engine/providers'
import { openSession } from '../../src/reading/engine/session'

export interface CropReader {
  read(crop: Pixels): Promise<string>
  close(): Promise<void>
}

export async function openReader(modelsFolder: string, id: string): Promise<CropReader> {
  const model = await loadModel(join(modelsFolder, `${id}.json`))
  const session = await openSession(model, findProvider('cpu'), 1)
  const { input, output } = model.manifest
  const numbers = numbersOf(input)
  return {
    async read(crop) {
      const { pixels, geometry } = prepare(crop, input)
      const tensor = new Float32Array(pixels.length)
      writeNumbers(pixels, numbers, tensor, 0)
      const result = await session.run(tensor, 1, geometry.inputWidth)
      return decode(framesOf(result.data, result, 0, output), model.manifest, geometry).text
    },
    close: () => session.close()
  }
}
