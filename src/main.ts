import { openSite } from '#src/app.ts'
import { runCommand } from '#src/commands.ts'
import { gauges, healthChecks } from '#src/health.ts'
import { openHouse } from '#src/house.ts'
import { whyNotLive } from '#src/live.ts'
import { mailDeleter } from '#src/panel/correspondence/elsewhere.ts'
import { startLetters } from '#src/panel/correspondence/send.ts'
import { endOverdueSupporters, supporterQueue } from '#src/panel/correspondence/supporter.ts'
import { tell } from '#src/panel/correspondence/tell.ts'
import { batchQueue, endWithdrawn, sendBatches } from '#src/panel/membership/offers/batch.ts'
import { offerQueue, remindOffers } from '#src/panel/membership/offers/offers.ts'
import { remindTermEnds } from '#src/panel/membership/term-end.ts'
import { remindDrafts, reminderQueue } from '#src/panel/recruitment/remind.ts'
import { fillDemo } from '#src/people/demo/world.ts'
import { enrichFor } from '#src/people/enrich.ts'
import { addressQueue, forgetAddresses } from '#src/people/me/details/change.ts'
import { wipeOverdue } from '#src/people/practice/wipe.ts'
import { watch, watchQueue } from '#src/people/staff/watch.ts'
import { clockFrom, systemClock } from '#src/platform/clock.ts'
import { ConfigError, readConfig } from '#src/platform/config.ts'
import { FolderInUse, lockFolder } from '#src/platform/database/lock.ts'
import { startJobs } from '#src/platform/jobs/jobs.ts'
import { takeCommands } from '#src/platform/socket.ts'
import { healthRoutes, openMetrics } from '#src/platform/web/health.ts'
import { link } from '#src/promises/ledger/linker.ts'
import { system } from '#src/promises/notice/actor.ts'
import { noticeDay, noticeQueue } from '#src/promises/publishing/announce.ts'
import { askProcessor, processorQueue } from '#src/promises/retention/elsewhere.ts'
import { sweepQueue } from '#src/promises/retention/queue.ts'
import { sweep } from '#src/promises/retention/sweep.ts'
import { copyQueue, endCopy } from '#src/promises/rights/giving/given.ts'
import { MasterKeyError } from '#src/promises/vault/masters.ts'
import { masterKeyQueue, monthOfKeys } from '#src/promises/vault/monthly.ts'
import { inEachWorld } from '#src/promises/vault/worlds.ts'

// Opens the house, in the order in which it stands: settings, database and keys, worker, site.
try {
  const config = readConfig(process.env)
  const folder = config.databaseUrl ? lockFolder(config.dataDir) : undefined // the built-in database locks it itself
  const house = await openHouse(config, config.now ? clockFrom(config.now) : systemClock)
  const faults = config.mode === 'live' ? await whyNotLive(house) : []
  if (faults.length) throw new ConfigError(faults.join('\n'))
  if (config.mode === 'demo') await fillDemo(house, { closed: 300, seated: 24 })

  const say = (code: string) => void process.stderr.write(`{"level":50,"msg":"worker","code":"${code}"}\n`)
  const jobs = await startJobs(house.database, say)
  await startLetters(house, jobs, enrichFor(house))
  await jobs.work(reminderQueue, async () => void (await remindDrafts(house)))
  await jobs.work(addressQueue, async () => void (await forgetAddresses(house)))
  await jobs.work(offerQueue, async () => {
    await inEachWorld(house, () => remindOffers(house))
    await remindTermEnds(house)
  })
  await jobs.work(batchQueue, () =>
    inEachWorld(house, async () => {
      await endWithdrawn(house)
      await sendBatches(house)
    }),
  )
  await jobs.work(supporterQueue, async () => void (await endOverdueSupporters(house)))
  await jobs.work(copyQueue, id => endCopy(house, id))
  await jobs.work(processorQueue, id => askProcessor(house, [mailDeleter(house.mailer)], id))
  await jobs.work(sweepQueue, async () => {
    await wipeOverdue(house)
    await sweep(house.reach)
  })
  await jobs.work(masterKeyQueue, async () => void (await monthOfKeys(house)))
  await jobs.work(watchQueue, () => watch(house))
  await jobs.work(noticeQueue, () =>
    noticeDay(house, (tx, ids, detail) => tell(tx, house, system('notice'), ids, 'notice changed', detail)),
  )

  const metrics = openMetrics(gauges(house, jobs))
  const site = await openSite(house, {
    onResponse: metrics.onResponse,
    ...(config.mode === 'demo' ? { log: false } : {}),
  })
  healthRoutes(site, healthChecks(house, jobs), metrics.registry)
  await site.listen({ port: config.port, host: config.host })
  const address = site.server.address()
  const port = address && typeof address === 'object' ? address.port : config.port
  if (config.mode === 'demo')
    process.stdout.write(
      `\npanelkeeper is open at http://localhost:${port}\n\n  To apply as a resident, open it and press "Apply to join the panel".\n  To be a member of staff, press "Choose who you are" at the top of any page.\n  Letters and codes arrive at http://localhost:${port}/demo/outbox\n\nPress Ctrl+C to stop. Everything is kept in ${config.dataDir}.\n`,
    )

  const linking = setInterval(() => void link(house).catch(() => say('ledger not linked')), 5000)
  const stopCommands = takeCommands(config.dataDir, (args, io) => runCommand(args, house, io))

  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    const force = setTimeout(() => process.exit(1), 25_000)
    stopCommands()
    await site.close()
    clearInterval(linking)
    await jobs.stop()
    await house.close()
    folder?.release()
    clearTimeout(force)
    process.exit(0)
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
} catch (error) {
  const isOurs = error instanceof ConfigError || error instanceof FolderInUse || error instanceof MasterKeyError
  const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
  process.stderr.write(
    isOurs
      ? `${error.message}\n`
      : isTaken
        ? `Port ${process.env.PORT ?? 3000} is taken: stop what uses it, or set PORT to another number.\n`
        : `panelkeeper could not start: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}\n`,
  )
  process.exit(1)
}
