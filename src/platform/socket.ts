import { chmodSync, existsSync, rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Where a command writes: a line a call. */
export interface Io {
  out(line: string): void
  err(line: string): void
}

export type Run = (args: string[], io: Io) => Promise<number>

const pathOf = (dataDir: string) => join(dataDir, 'panel.sock')

/**
 * Takes commands while the service runs, over a socket that only its own user may open: the built-in database belongs
 * to one process. Returns how to stop.
 */
export function takeCommands(dataDir: string, run: Run): () => void {
  const path = pathOf(dataDir)
  rmSync(path, { force: true })
  const server = createServer(socket => {
    const tell = (line: object) => socket.write(`${JSON.stringify(line)}\n`)
    createInterface({ input: socket }).once('line', async text => {
      const args: unknown = JSON.parse(text)
      const words = Array.isArray(args) ? args.map(String) : []
      const code = await run(words, { out: line => tell({ out: line }), err: line => tell({ err: line }) }).catch(
        () => {
          tell({ err: 'The service could not do that. Its log says why.' })
          return 1
        },
      )
      socket.end(`${JSON.stringify({ code })}\n`)
    })
    socket.on('error', () => socket.destroy())
  })
  server.listen(path, () => chmodSync(path, 0o600))
  server.on('error', () => {})
  return () => {
    server.close()
    rmSync(path, { force: true })
  }
}

/** Sends a command to the service that runs on this folder; undefined when none does. */
export function sendCommand(dataDir: string, args: string[], io: Io): Promise<number | undefined> {
  const path = pathOf(dataDir)
  if (!existsSync(path)) return Promise.resolve(undefined)
  return new Promise(resolve => {
    const socket = createConnection(path, () => socket.write(`${JSON.stringify(args)}\n`))
    let code = 1
    socket.on('error', () => resolve(undefined))
    const lines = createInterface({ input: socket })
    lines.on('line', text => {
      const said: { out?: string; err?: string; code?: number } = JSON.parse(text)
      if (said.out !== undefined) io.out(said.out)
      if (said.err !== undefined) io.err(said.err)
      if (said.code !== undefined) code = said.code
    })
    lines.on('close', () => resolve(code))
  })
}
