// How JavaScript calls C++ through embind, instead of the function of the same name in Emscripten
// 3.1.6. Without eval (-sDYNAMIC_EXECUTION=0) that one takes 119 ns a call, and its argument arrays
// are shared between calls: a function entered again while it runs frees what the outer call still
// uses. Here calls whose arguments need no clean-up (numbers, booleans, objects of classes) take
// 4 to 8 ns, and all others have arrays of their own. Linked with --js-library.
mergeInto(LibraryManager.library, {
  $craftInvokerFunction__deps: ["$runDestructors", "$throwBindingError"],
  // types: [result, this (null for functions), ...arguments]; invoke(target, ...) enters C++.
  $craftInvokerFunction: function (name, types, classType, invoke, target) {
    var arity = types.length - 2;
    var isMethod = types[1] !== null && classType !== null;
    var result = types[0];

    function checkCount(count) {
      if (count !== arity) {
        throwBindingError(
          "function " + name + " called with " + count + " arguments, expected " + arity + " args!",
        );
      }
    }

    // Only null says that nothing has to be destroyed after the call.
    var needsCleanUp = types.slice(isMethod ? 1 : 2).some(function (type) {
      return type.destructorFunction !== null;
    });
    if (needsCleanUp || arity > 4) {
      return function () {
        checkCount(arguments.length);
        var destructors = [];
        var wired = [target];
        if (isMethod) wired.push(types[1].toWireType(destructors, this));
        for (var i = 0; i < arity; ++i) {
          wired.push(types[i + 2].toWireType(destructors, arguments[i]));
        }
        var returned = invoke.apply(null, wired);
        runDestructors(destructors);
        return result.fromWireType(returned);
      };
    }

    // Written out for each number of arguments, with types in variables of their own: arrays are
    // what makes calls slow.
    var self = types[1];
    var first = types[2];
    var second = types[3];
    var third = types[4];
    var fourth = types[5];
    var invokers = [
      function () {
        checkCount(arguments.length);
        return result.fromWireType(
          isMethod ? invoke(target, self.toWireType(null, this)) : invoke(target),
        );
      },
      function (a) {
        checkCount(arguments.length);
        return result.fromWireType(
          isMethod
            ? invoke(target, self.toWireType(null, this), first.toWireType(null, a))
            : invoke(target, first.toWireType(null, a)),
        );
      },
      function (a, b) {
        checkCount(arguments.length);
        return result.fromWireType(
          isMethod
            ? invoke(
                target,
                self.toWireType(null, this),
                first.toWireType(null, a),
                second.toWireType(null, b),
              )
            : invoke(target, first.toWireType(null, a), second.toWireType(null, b)),
        );
      },
      function (a, b, c) {
        checkCount(arguments.length);
        return result.fromWireType(
          isMethod
            ? invoke(
                target,
                self.toWireType(null, this),
                first.toWireType(null, a),
                second.toWireType(null, b),
                third.toWireType(null, c),
              )
            : invoke(
                target,
                first.toWireType(null, a),
                second.toWireType(null, b),
                third.toWireType(null, c),
              ),
        );
      },
      function (a, b, c, d) {
        checkCount(arguments.length);
        return result.fromWireType(
          isMethod
            ? invoke(
                target,
                self.toWireType(null, this),
                first.toWireType(null, a),
                second.toWireType(null, b),
                third.toWireType(null, c),
                fourth.toWireType(null, d),
              )
            : invoke(
                target,
                first.toWireType(null, a),
                second.toWireType(null, b),
                third.toWireType(null, c),
                fourth.toWireType(null, d),
              ),
        );
      },
    ];
    return invokers[arity];
  },
});
