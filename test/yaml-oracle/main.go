// The YAML oracle: reads a JSON array of texts from stdin and says, for each, what kubectl and helm read in it.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	goyaml "go.yaml.in/yaml/v2" // pinned to the version that kubectl 1.36 and helm are built with
	"sigs.k8s.io/yaml"
)

type answer struct {
	// JSON of the first document; empty when it was refused.
	JSON  string `json:"json"`
	Error string `json:"error,omitempty"`
	// Something stands behind the first document, which kubectl and helm never look at.
	More bool `json:"more"`
}

func main() {
	var texts []string
	if err := json.NewDecoder(os.Stdin).Decode(&texts); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	answers := make([]answer, len(texts))
	for i, text := range texts {
		answers[i] = read([]byte(text))
	}
	if err := json.NewEncoder(os.Stdout).Encode(answers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func read(text []byte) (result answer) {
	defer func() {
		if r := recover(); r != nil {
			result = answer{Error: fmt.Sprint(r)}
		}
	}()
	data, err := yaml.YAMLToJSON(text)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{JSON: string(data), More: more(text)}
}

func more(text []byte) bool {
	decoder := goyaml.NewDecoder(bytes.NewReader(text))
	var document any
	_ = decoder.Decode(&document)
	return !errors.Is(decoder.Decode(&document), io.EOF)
}
