// Runs declarative pipelines without Jenkins: every block with a delegate that knows what may stand in it and nothing else, as Jenkins' own. Steps do
// nothing but write down that they were called, and with which values.
// Arguments: a file with [{"id": …, "source": …}], a file for {id: {"calls": […]} or {"error": …}}.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper

/** Something of Jenkins that is known only when it runs: `env.NAME`, `params.NAME`, `scm`. */
class Later {
    String path
    Object getProperty(String name) { name == 'path' ? this.@path : new Later(path: "${this.@path}.$name") }
    String toString() { this.@path }
}

/** A call: a step, an option, a condition. */
class Call {
    String name
    List arguments
    List inside = []
}

/** A block in which only some calls mean anything. */
class Block {
    static final ROOTS = ['env', 'params', 'scm', 'hudson', 'currentBuild'] as Set

    final Map known
    final String where
    final List calls

    Block(String where, Map known, List calls) {
        this.where = where
        this.known = known
        this.calls = calls
    }

    Object getProperty(String name) {
        if (name in ROOTS) return new Later(path: name)
        if (where == 'pipeline' || where == 'stage' || where == 'matrix') { if (name in ['any', 'none']) return name }
        throw new IllegalStateException("nothing is called \"$name\" in ${this.@where}")
    }

    void setProperty(String name, Object value) {
        if (this.@where != 'environment') throw new IllegalStateException("\"$name\" is set in ${this.@where}")
        this.@calls << new Call(name: name, arguments: [value])
    }

    Object invokeMethod(String name, Object given) {
        def known = this.@known
        def inner = known.containsKey(name) ? known[name] : known['*']
        if (inner == null) throw new IllegalStateException("\"$name\" has no meaning in ${this.@where}")
        def arguments = (given as Object[]) as List
        def code = arguments && arguments.last() instanceof Closure ? arguments.pop() : null
        if (code != null && inner == 'value') throw new IllegalStateException("\"$name\" has a block in ${this.@where}")
        // What is an argument of a call was a call before it.
        def used = Collections.newSetFromMap(new IdentityHashMap())
        arguments.each { collect(it, used) }
        this.@calls.removeAll { call -> used.contains(call) }
        def call = new Call(name: name, arguments: arguments)
        this.@calls << call
        if (code != null && inner != 'code') run(code, inner == 'same' ? this.@where : inner, inner == 'same' ? known : Blocks.OF[inner], call.inside)
        call
    }

    static void run(Closure code, String where, Map known, List calls) {
        code.delegate = new Block(where, known, calls)
        code.resolveStrategy = Closure.DELEGATE_ONLY
        code.call()
    }

    private static void collect(Object value, Set found) {
        if (value instanceof Call) found << value
        if (value instanceof Collection) value.each { collect(it, found) }
        if (value instanceof Map) value.values().each { collect(it, found) }
    }
}

/** What may stand in which block; "value": a call without block, "code": Groovy that is not run, "same": the same again. */
class Blocks {
    static final SCOPE = [agent: 'agent', environment: 'environment', tools: 'calls', options: 'calls', post: 'post']
    static final CONDITIONAL = SCOPE + [when: 'when', input: 'input', stages: 'stages']
    static final OF = [
        pipeline: SCOPE + [libraries: 'calls', parameters: 'calls', triggers: 'calls', stages: 'stages'],
        stages: [stage: 'stage'],
        stage: CONDITIONAL + [steps: 'steps', parallel: 'stages', matrix: 'matrix', failFast: 'value'],
        matrix: CONDITIONAL + [axes: 'axes', excludes: 'excludes'],
        axes: [axis: 'axis'], excludes: [exclude: 'axes'], axis: [name: 'value', values: 'value', notValues: 'value'],
        agent: ['*': 'settings'], settings: ['*': 'settings'],
        environment: ['*': 'value'], calls: ['*': 'value'],
        when: [allOf: 'when', anyOf: 'when', not: 'when', expression: 'code', '*': 'value'],
        input: [message: 'value', id: 'value', ok: 'value', submitter: 'value', submitterParameter: 'value', parameters: 'calls'],
        post: ['always', 'changed', 'fixed', 'regression', 'aborted', 'failure', 'success', 'unstable', 'unsuccessful', 'notBuilt', 'cleanup']
            .collectEntries { [it, 'steps'] },
        steps: [script: 'code', '*': 'steps'],
    ]
}

def plain
plain = { value ->
    if (value instanceof Call) return [call: value.name, arguments: value.arguments.collect(plain), inside: value.inside.collect(plain)]
    if (value instanceof Map) return value.collectEntries { key, one -> [key.toString(), plain(one)] }
    if (value instanceof Collection) return value.collect(plain)
    value instanceof Number || value instanceof Boolean || value == null ? value : value.toString()
}

def result = [:]
new JsonSlurper().parse(new File(args[0]), 'UTF-8').each { input ->
    try {
        def calls = []
        def script = new GroovyShell().parse(input.source)
        script.binding.setVariable('pipeline', { Closure code -> Block.run(code, 'pipeline', Blocks.OF.pipeline, calls) })
        script.run()
        result[input.id] = [calls: calls.collect(plain)]
    } catch (Throwable e) {
        result[input.id] = [error: e.toString()]
    }
}
new File(args[1]).setText(JsonOutput.toJson(result), 'UTF-8')
