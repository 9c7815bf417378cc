/** A batch's output as onnxruntime gave it. */
export interface Output {
  data: Float32Array
  batch: number
  frames: number
  classes: number
}
