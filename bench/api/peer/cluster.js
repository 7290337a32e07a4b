// As many processes as we run: one a core, and one more is started where one dies.
import cluster from 'node:cluster';

if (cluster.isPrimary) {
  for (let started = 0; started < Number(process.env.PROCESSES); started += 1) cluster.fork();
  cluster.on('exit', () => cluster.fork());
} else {
  await import('./app.js');
}
