/** Execution providers: what onnxruntime can compute on, in the order in which they are preferred. */
import { listSupportedBackends } from 'onnxruntime-node'
import { NominaError } from '../../shared/failure'

export interface Provider {
  /** As people and manifests call it. */
  name: string
  /** As onnxruntime calls it. */
  backend: string
  label: string
}

const preferred: Provider[] = [
  { name: 'cuda', backend: 'cuda', label: 'CUDA' },
  { name: 'tensorrt', backend: 'tensorrt', label: 'TensorRT' },
  { name: 'directml', backend: 'dml', label: 'DirectML' },
  { name: 'coreml', backend: 'coreml', label: 'CoreML' },
  { name: 'webgpu', backend: 'webgpu', label: 'WebGPU' },
  { name: 'cpu', backend: 'cpu', label: 'CPU' }
]

/** Those that this build of onnxruntime knows, the CPU last. */
export function knownProviders(): Provider[] {
  const backends = new Set(listSupportedBackends().map(({ name }) => name))
  return preferred.filter(({ backend }) => backend === 'cpu' || backends.has(backend))
}

/** @throws NominaError `invalid-input` where nothing is called so */
export function findProvider(name: string): Provider {
  const wanted = name.trim().toLowerCase()
  const provider = preferred.find((candidate) => candidate.name === wanted || candidate.backend === wanted)
  if (provider) return provider
  const names = preferred.map((candidate) => candidate.name).join(', ')
  throw new NominaError('invalid-input', `There is no provider "${name}". Known are ${names}.`)
}

/** onnxruntime's message in words for people. */
export function reasonOfProviderError({ label, name }: Provider, message: string): string {
  const line = message.split('\n')[0]!.trim()
  if (/failed to load (shared )?library/i.test(message)) return `The libraries that ${label} needs are not installed.`
  if (name === 'webgpu' && /adapter|vulkan|instance/i.test(message))
    return 'No graphics adapter that WebGPU can use was found.'
  if (/no.*(device|gpu)|device.*not found|CUDA failure (35|100)/i.test(message))
    return `No device that ${label} can use was found (${short(line)}).`
  return `${label} can’t run this model: ${short(line)}`
}

const short = (line: string): string => (line.length > 300 ? `${line.slice(0, 300)}…` : line)
