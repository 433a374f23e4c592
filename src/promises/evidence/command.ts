import type { Io } from '#src/platform/socket.ts'
import type { House } from '../house.ts'
import { system } from '../notice/actor.ts'
import type { FigureProvider } from './figures.ts'
import { gather } from './routes.ts'

/** `panel evidence [--json]`: every clause with its state. Exit 1 when one is broken. */
export async function evidenceCommand(
  args: string[],
  house: House,
  io: Io,
  more: readonly FigureProvider[] = [],
): Promise<number> {
  if (args.some(one => one !== '--json')) {
    io.err(
      'panel evidence [--json]\n\nEvery clause of the notice: what enforces it, the tests that prove it, live figures, its state.',
    )
    return args.includes('--help') ? 0 : 2
  }
  const { at, stale, all } = await gather(house, system('operator'), more)
  if (args.includes('--json')) io.out(JSON.stringify({ tested: at ?? null, stale, clauses: all }))
  else {
    io.out(at && !stale ? `Tested ${at}.` : 'No test results of this version: nothing can be said to be kept.')
    for (const one of all) io.out(`${one.clause}  ${one.state}  ${one.figures.map(figure => figure.says).join('; ')}`)
  }
  return all.some(one => one.state === 'broken') ? 1 : 0
}
