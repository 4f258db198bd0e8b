// Parses Groovy up to the phase CONVERSION, as Jenkins reads a declarative pipeline, and writes what it found as JSON.
// Arguments: a file with [{"id": …, "source": …}], a file for {id: {"statements": […]} or {"error": …}}.
import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import org.codehaus.groovy.ast.expr.*
import org.codehaus.groovy.ast.stmt.*
import org.codehaus.groovy.control.CompilationUnit
import org.codehaus.groovy.control.MultipleCompilationErrorsException
import org.codehaus.groovy.control.Phases

class Dump {
    final List<String> lines

    Dump(String source) { this.lines = source.split('\n', -1) as List }

    /** The text that a node was made of. */
    String text(node) {
        if (node.lineNumber < 1 || node.lastLineNumber < 1) return ''
        def result = []
        for (int line = node.lineNumber; line <= node.lastLineNumber; line++) {
            String text = line <= lines.size() ? lines[line - 1] : ''
            if (line == node.lastLineNumber) text = text.substring(0, Math.min(text.length(), node.lastColumnNumber - 1))
            if (line == node.lineNumber) text = text.substring(Math.min(text.length(), node.columnNumber - 1))
            result << text
        }
        result.join('\n').trim()
    }

    List statements(Statement code) {
        if (code == null || code instanceof EmptyStatement) return []
        code instanceof BlockStatement ? code.statements.collect { statement(it) } : [statement(code)]
    }

    Map statement(Statement it) {
        def labels = it.statementLabels
        def result = plain(it)
        labels ? result + [labels: labels] : result
    }

    private Map plain(Statement it) {
        switch (it) {
            case ExpressionStatement: return [kind: 'expression', value: expression(it.expression)]
            case ReturnStatement: return [kind: 'return', value: expression(it.expression)]
            case BlockStatement: return [kind: 'block', body: statements(it)]
            case IfStatement:
                return [kind: 'if', test: expression(it.booleanExpression), then: statements(it.ifBlock), otherwise: statements(it.elseBlock)]
            case EmptyStatement: return [kind: 'empty']
            default: return [kind: it.class.simpleName, source: text(it)]
        }
    }

    Map expression(Expression it) { node(it) + [source: text(it)] }

    private Map node(Expression it) {
        switch (it) {
            case ClosureListExpression: return [kind: 'closures', items: it.expressions.collect { expression(it) }]
            case ConstantExpression: return constant(it.value)
            case GStringExpression:
                return [kind: 'gstring', texts: it.strings.collect { it.value }, values: it.values.collect { expression(it) }]
            case VariableExpression: return [kind: 'variable', name: it.name]
            case MethodCallExpression:
                return [kind: 'call', on: it.implicitThis ? null : expression(it.objectExpression), name: expression(it.method),
                        arguments: arguments(it.arguments)]
            case ClosureExpression:
                return [kind: 'closure', parameters: it.parameters?.collect { it.name }, body: statements(it.code)]
            case MapEntryExpression:
                return [kind: 'entry', key: expression(it.keyExpression), value: expression(it.valueExpression)]
            case MapExpression:
                return [kind: it instanceof NamedArgumentListExpression ? 'named' : 'map', entries: it.mapEntryExpressions.collect { expression(it) }]
            case ListExpression: return [kind: 'list', items: it.expressions.collect { expression(it) }]
            case DeclarationExpression:
            case BinaryExpression:
                return [kind: it instanceof DeclarationExpression ? 'declaration' : 'binary', operation: it.operation.text,
                        left: expression(it.leftExpression), right: expression(it.rightExpression)]
            case PropertyExpression:
                return [kind: 'property', on: expression(it.objectExpression), name: expression(it.property), safe: it.safe]
            case NotExpression: return [kind: 'not', value: expression(it.expression)]
            case BooleanExpression: return [kind: 'boolean', value: expression(it.expression)]
            case TernaryExpression:
                return [kind: 'ternary', test: expression(it.booleanExpression), then: expression(it.trueExpression), otherwise: expression(it.falseExpression)]
            case TupleExpression: return [kind: 'tuple', items: it.expressions.collect { expression(it) }]
            case UnaryMinusExpression: return [kind: 'minus', value: expression(it.expression)]
            case ConstructorCallExpression: return [kind: 'new', type: it.type.name, arguments: arguments(it.arguments)]
            default: return [kind: it.class.simpleName]
        }
    }

    private List arguments(Expression it) {
        it instanceof TupleExpression ? it.expressions.collect { expression(it) } : [expression(it)]
    }

    private static Map constant(Object value) {
        switch (value) {
            case null: return [kind: 'constant', type: 'null', value: null]
            case String: return [kind: 'constant', type: 'text', value: value]
            case Boolean: return [kind: 'constant', type: 'flag', value: value]
            default: return [kind: 'constant', type: value.class.simpleName, value: value.toString()]
        }
    }
}

def result = [:]
new JsonSlurper().parse(new File(args[0]), 'UTF-8').each { input ->
    try {
        def unit = new CompilationUnit()
        def sourceUnit = unit.addSource("Jenkinsfile", input.source)
        unit.compile(Phases.CONVERSION)
        result[input.id] = [statements: new Dump(input.source).statements(sourceUnit.AST.statementBlock)]
    } catch (MultipleCompilationErrorsException e) {
        result[input.id] = [error: e.message]
    }
}
new File(args[1]).setText(JsonOutput.toJson(result), 'UTF-8')
