// Command etcd is the etcd server of its module version. The upstream main package lives in a module that
// points at its own sub-folders by "replace", which makes it impossible to build from the outside.
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() {
	etcdmain.Main(os.Args)
}
