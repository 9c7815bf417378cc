/** Messages are plain values and `Uint8Array`s, for a child of Node (see packed.ts) or Electron's utilityProcess. */
export interface Child<Request, Reply> {
  send(message: Request): void
  onMessage(listener: (message: Reply) => void): void
  /** Called once, when the process is gone: with its exit code or signal in words. */
  onExit(listener: (reason: string) => void): void
  kill(): void
  /** Seconds that the processor has worked for it so far; absent or null: this system does not say. */
  worked?(): number | null
  /** Whether it keeps this process alive; absent: always. */
  hold?(held: boolean): void
}
export type Spawn<Request, Reply> = () => Child<Request, Reply>
