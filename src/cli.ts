import type { Io } from '#src/platform/socket.ts'

const help = `panel COMMAND [--help] [--json]

  migrate                       bring the database up to date (OWNER_DATABASE_URL)
  staff invite|reset EMAIL      invite a member of staff, or take a lost second step away
  round import FILE             take applications that came on paper from a CSV file
  select                        draw a panel, with its proof (needs no database)
  check-selection FILE          check a selection, by a separate small program
  verify-draw FOLDER            check a public draw from its published files
  verify [--entries N --root R] read the whole ledger, name the first entry that was changed; or check a kept head
  backup DIR                    back up the main data and, apart from it, the key store
  restore DIR                   put a backup back; today's key store decides what lives
  retention                     what ends, and when; --resume lets the sweep go on after a restore
  due                           when a request, a complaint or a record is due
  evidence                      each clause of the notice: what enforces it, what proves it, live figures
  rights export RECORD|EMAIL    everything held about one person
  rights import FILE            someone’s own copy (JSON) becomes their application here
  rights receive FILE.eml       an email to the data protection mailbox becomes a case
  rights check FILE             whether a bundle for the regulator is as it was made
  processor add|list|end        who works for the panel; live use needs every host named
  notice check                  hold the data map against the schema, the forms and the clauses
  keys make|rotate|list|drop    the master keys

Exit: 0 done, 1 refused or not satisfied, 2 wrong use.
`
const io: Io = {
  out: line => void process.stdout.write(`${line}\n`),
  err: line => void process.stderr.write(`${line}\n`),
}
const raw = {
  out: (text: string) => process.stdout.write(text),
  err: (text: string) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
}

// Whoever reads no further (`panel evidence | head`) has seen enough.
process.stdout.on('error', error => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))

process.exitCode = await main(process.argv.slice(2))

// Each command loads what it needs and nothing else: a selection is done before the house would be loaded.
async function main(args: string[]): Promise<number> {
  const [first, second, ...rest] = args
  if (!first || first === '--help' || first === 'help') {
    process.stdout.write(help)
    return first ? 0 : 2
  }
  const selection = () => import('#src/panel/selection/command.ts')
  if (first === 'select') return (await selection()).select(args.slice(1), raw)
  if (first === 'check-selection') return (await selection()).checkSelection(args.slice(1), raw)
  if (first === 'verify-draw') return (await selection()).verifyDraw(args.slice(1), raw)
  if (first === 'due') return (await import('#src/promises/retention/due/command.ts')).dueCommand(args.slice(1), io)
  if (first === 'keys' && second === 'make')
    return (await import('#src/promises/vault/command.ts')).makeKeys(rest, new Date(), io)
  return (await import('#src/housed.ts')).commandInHouse(args, process.env, io)
}
