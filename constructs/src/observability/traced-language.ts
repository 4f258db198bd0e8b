/** How the program of a service is made to tell of its requests. */
export enum TracedLanguage {
  /** Java's agent. */
  JAVA = 'java',
  /** Node.js. */
  NODEJS = 'nodejs',
  /** Python. */
  PYTHON = 'python',
  /** .NET. */
  DOTNET = 'dotnet',
  /** nginx. */
  NGINX = 'nginx',
  /** Apache HTTP Server. */
  APACHE_HTTPD = 'apache-httpd',
  /** It does so itself, by an SDK of OpenTelemetry: it gets only the variables that say where to. */
  SDK = 'sdk',
}
