@NullMarked
package com.example.boot;

import org.jspecify.annotations.NullMarked;
