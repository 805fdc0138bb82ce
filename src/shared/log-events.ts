/**
 * Every `event` that a log line may carry: a closed list, so that alerts and searches can rely on the names.
 * A line's message is for people and may change; its event and fields may not.
 */
export const logEvents = {
  // The node
  starting: 'The master begins: version, configuration, notes of the configuration.',
  note: 'Something in the configuration that the operator should know.',
  ready: 'The public port answers: an lb and a worker are ready.',
  stopping: 'A drain or a quick stop has begun.',
  stopped: 'All children are gone.',
  'gave-up': 'Children cannot start; the master exits.',
  signal: 'A signal arrived.',
  'admin-listening': 'The admin port answers.',
  'admin-failed': 'The admin port cannot be opened.',
  // Children, told by the master
  'child-spawned': 'A child was started.',
  'child-ready': 'A child says that it is ready.',
  'child-draining': 'A child was told to finish and leave.',
  'child-killed': 'A child was sent SIGKILL.',
  'child-exited': 'The obituary: how a child ended, and what it was doing.',
  'child-stderr': 'A line that a child wrote to its standard error.',
  'spawn-failed': 'The operating system would not start a child.',
  'backend-broken': 'An lb says that the connection to a worker broke.',
  'sleep-forgiven': 'The master itself was stopped; nobody is killed for the silence meanwhile.',
  // Configuration
  'config-reloaded': 'A new configuration is in force.',
  'config-refused': 'A new configuration was not taken; the old one stays.',
  'rolling-restart': 'A rolling restart began, ended or was stopped.',
  // Blame
  strike: 'A picture brought a worker down.',
  quarantined: 'A picture, or an operation on it, is quarantined.',
  'quarantine-released': 'An operator released a source.',
  'flight-record': 'A flight record was written.',
  'flight-record-failed': 'A flight record could not be written.',
  'flight-record-skipped': 'No flight record was written: none is wanted, or several are being written.',
  purge: 'Results were purged on request.',
  'worker-refused': 'SIGTTIN asked for more workers than there may be.',
  // A child, told by itself
  'child-started': 'A child has its configuration and starts.',
  'child-drained': 'A child has finished its work and leaves.',
  'child-failed': 'A child cannot start or go on.',
  listening: 'The public port was opened by an lb.',
  access: 'One request, when it is over.',
  job: 'One job inside a worker, when it is over.',
  'fallback-failed': 'A picture that stands in for others cannot be had either.',
  'store-failed': 'The result store failed; serving goes on without it.',
  'internal-error': 'A defect: an error that nobody expected.',
} as const;

export type LogEvent = keyof typeof logEvents;
