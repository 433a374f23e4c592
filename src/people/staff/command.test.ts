import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCommand } from '#src/commands.ts'
import { within } from '#src/promises/house.ts'
import { system } from '#src/promises/notice/actor.ts'
import { testHouse } from '#test/house.ts'

const house = await testHouse()
const safe = { by: system('test'), for: 'keep the service safe' } as const

async function run(...args: string[]) {
  const said: string[] = []
  const code = await runCommand(args, house, { out: text => said.push(text), err: text => said.push(text) })
  return { code, said: said.join('\n') }
}

function accounts() {
  return within(house, safe, tx => tx.selectFrom('staff').selectAll().execute())
}

test('the first administrator of a new service is invited from the command line, once', async () => {
  const invite = [
    'staff',
    'invite',
    'ada@panel.example',
    '--name',
    'Ada Obi',
    '--role',
    'administrator',
    '--role',
    'dpo',
  ]
  assert.deepEqual(await run(...invite), { code: 0, said: 'The invitation is on its way.' })
  const [ada, ...others] = await accounts()
  assert.deepEqual([ada?.roles, ada?.activated_at, others.length], [['dpo', 'administrator'], null, 0])
  const letters = await within(house, { by: system('test'), for: 'administer the panel' }, tx =>
    tx.selectFrom('message').select(['template', 'dossier_id']).execute(),
  )
  assert.deepEqual(letters, [{ template: 'staff invitation', dossier_id: ada?.dossier_id }])
  assert.deepEqual(await run(...invite), { code: 1, said: 'There is an account with this email address.' })
})

test('what is missing or wrong gets a sentence, and nobody is invited', async () => {
  const before = (await accounts()).length
  const wrong: [string[], RegExp][] = [
    [['staff'], /panel staff invite EMAIL/],
    [['staff', 'invite', 'no address', '--name', 'A', '--role', 'dpo'], /panel staff invite EMAIL/],
    [['staff', 'invite', 'a@panel.example', '--role', 'dpo'], /Give the name with --name/],
    [['staff', 'invite', 'a@panel.example', '--name', 'A', '--role', 'king'], /There is no role "king"/],
    [['staff', 'invite', 'a@panel.example', '--name', 'A'], /Give at least one role/],
    [['staff', 'invite', 'a@panel.example', '--who'], /panel staff invite EMAIL/],
  ]
  for (const [args, sentence] of wrong) {
    const { code, said } = await run(...args)
    assert.equal(code, 2, args.join(' '))
    assert.match(said, sentence)
  }
  assert.equal((await accounts()).length, before)
})

test('a lost second step is taken away from the command line, for open accounts alone', async () => {
  assert.equal((await run('staff', 'reset', 'ada@panel.example')).code, 1)
  const [ada] = await accounts()
  await within(house, safe, tx =>
    tx.updateTable('staff').set({ activated_at: house.clock.now(), second_factor: true }).execute(),
  )
  assert.equal((await run('staff', 'reset', 'ada@panel.example')).code, 0)
  assert.deepEqual(
    (await accounts()).map(one => [one.dossier_id, one.second_factor]),
    [[ada?.dossier_id, false]],
  )
})
